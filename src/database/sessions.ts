// Ending other sessions, and waiting until they are gone.
import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import { maintenanceDatabase, withSession } from './session.js';

const PATIENCE_MS = 10_000;

/** Ends every session of that application_name, which are those of an earlier attempt; returns when they are gone. */
export const endSessions = (
  target: DatabaseTarget,
  { applicationName }: { applicationName: string },
): Promise<void> =>
  withSession(
    target,
    { database: maintenanceDatabase([target]), applicationName: 'holdfast:fence' },
    async (client) => {
      for (const deadline = Date.now() + PATIENCE_MS; ; await pause(10)) {
        const left = await terminate(client, `application_name = left($1, 63)`, [applicationName]);
        if (left.length === 0) return;
        if (Date.now() > deadline) throw stillThere(left);
      }
    },
  );

/** Ends the sessions of these databases, by oid, until none is left. */
export const emptyDatabases = async (client: pg.Client, oids: readonly number[]): Promise<void> => {
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(5)) {
    const left = await terminateIn(client, oids);
    if (left.length === 0) return;
    if (Date.now() > deadline) throw stillThere(left);
  }
};

/** One round: tells the sessions of these databases to end, and gives who they were. */
export const terminateIn = (client: pg.Client, oids: readonly number[]): Promise<string[]> =>
  terminate(client, 'datid = any ($1::oid[])', [oids]);

export const stillThere = (holders: readonly string[]): Failure =>
  new Failure('DATABASE_NOT_READY', `sessions do not end: ${holders.join(', ')}`, {
    retryable: true,
    hint: 'end them, or let holdfast connect as a role that may (a superuser, or a member of pg_signal_backend)',
  });

/**
 * One that we may not end would fail the statement for all the others too, so it is only named. Autovacuum, which has no user, only a
 * superuser may end: for others it is passed over, since renaming and dropping a database end it by themselves.
 */
const terminate = async (client: pg.Client, condition: string, values: unknown[]): Promise<string[]> => {
  const { rows } = await client.query<{ who: string }>(
    `select case
        when usesysid is null or pg_has_role(usesysid, 'USAGE') then pg_terminate_backend(pid)
        when pg_has_role('pg_signal_backend', 'USAGE')
          and not (select rolsuper from pg_roles where oid = usesysid) then pg_terminate_backend(pid)
      end as told,
      format('%s (%s, pid %s)', coalesce(nullif(application_name, ''), backend_type, 'a session'),
        coalesce(usename, 'the server'), pid) as who
      from pg_stat_activity where ${condition} and pid <> pg_backend_pid()
        and (usesysid is not null or (select rolsuper from pg_roles where rolname = current_user))`,
    values,
  );
  return rows.map(({ who }) => who);
};
