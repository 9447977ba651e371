// Several databases renamed in one transaction while they are in use. New connections wait for the transaction's end,
// old ones are ended from a second session: a rename waits up to five seconds for them. A crash leaves nothing behind.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import { withSession } from './session.js';
import { stillThere, terminateIn } from './sessions.js';

export interface Rename {
  oid: number;
  from: string;
  to: string;
}

export interface RenameOptions {
  applicationName: string;
  /** The database that both sessions are in. */
  database: string;
  deployment: string;
  effect: Effect;
  /** Looks at the world inside the transaction, under the deployment's lock; null: there is nothing to do. */
  plan(client: pg.Client): Promise<{ renames: Rename[]; statements: string[] } | null>;
}

/** When the old names stopped to answer and the new ones began, by the server's clock: ISO 8601. */
export interface Outage {
  closedAt: string;
  openAt: string;
}

export const renameDatabases = (target: DatabaseTarget, options: RenameOptions): Promise<Outage> =>
  withSession(target, options, async (client) => {
    const lock = `holdfast:${options.deployment}`;
    await client.query(`begin; set local lock_timeout = '10s'`);
    await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [lock]);
    const plan = await options.plan(client);
    const closedAt = await now(client);
    if (plan === null) return { closedAt, openAt: closedAt };
    const oids = plan.renames.map(({ oid }) => oid);
    if (oids.length > 0) {
      await checkPrepared(client, oids);
      await options.effect('rename the databases', () =>
        whileEnding(target, { ...options, oids }, () => rename(client, plan.renames)),
      );
    }
    for (const statement of plan.statements) await client.query(statement);
    await options.effect('commit the renamed databases', () => client.query('commit'));
    return { closedAt, openAt: await now(client) };
  });

/** Afterwards the names are locked, so that what the oids say now is what the transaction commits. */
const rename = async (client: pg.Client, renames: readonly Rename[]): Promise<void> => {
  for (const { from, to } of renames) {
    await client.query(`alter database ${pg.escapeIdentifier(from)} rename to ${pg.escapeIdentifier(to)}`);
  }
  const { rows } = await client.query<{ oid: number; name: string }>(
    'select oid, datname as name from pg_database where oid = any ($1::oid[])',
    [renames.map(({ oid }) => oid)],
  );
  const wrong = renames.filter(({ oid, to }) => !rows.some((row) => row.oid === oid && row.name === to));
  if (wrong.length > 0) {
    const names = wrong.map(({ from, oid }) => `${from} (oid ${oid})`).join(', ');
    throw new Failure('OPERATION_LOST', `somebody else renamed ${names} at the same moment`);
  }
};

interface Ending {
  applicationName: string;
  database: string;
  oids: number[];
}

/** Runs `act` while a second session ends those that are in the databases, every five milliseconds. */
const whileEnding = (target: DatabaseTarget, ending: Ending, act: () => Promise<void>): Promise<void> =>
  withSession(target, ending, async (client) => {
    let holders: string[] = [];
    let over = false;
    const acting = act().finally(() => {
      over = true;
    });
    const rounds = async () => {
      for (; !over; await pause(5)) holders = await terminateIn(client, ending.oids);
    };
    const [acted, ended] = await Promise.allSettled([acting, rounds()]);
    if (acted.status === 'fulfilled') return;
    if (!isInUse(acted.reason)) throw acted.reason;
    if (ended.status === 'rejected') throw ended.reason;
    await checkPrepared(client, ending.oids);
    throw stillThere(holders);
  });

const isInUse = (error: unknown): boolean => error instanceof pg.DatabaseError && error.code === '55006';

/** A prepared transaction holds a database without a session that could be ended: waiting for it is in vain. */
const checkPrepared = async (client: pg.Client, oids: readonly number[]): Promise<void> => {
  const { rows } = await client.query<{ gid: string }>(
    'select gid from pg_prepared_xacts x join pg_database d on d.datname = x.database where d.oid = any ($1::oid[])',
    [oids],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ gid }) => gid).join(', ');
  throw new Failure('PREPARED_TRANSACTIONS', `prepared transactions hold the database: ${names}`);
};

const now = async (client: pg.Client): Promise<string> => {
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  return (rows[0]?.now ?? new Date()).toISOString();
};
