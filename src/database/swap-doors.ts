// While folders are swapped, nobody may read or write the databases that belong to them.
import pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import type { Effect } from '../domain/effect.js';
import { withSession } from './session.js';
import { emptyDatabases } from './sessions.js';
import { type DatabaseSwap, readSwapState, swapMaintenance } from './swap-state.js';

interface DoorOptions {
  applicationName: string;
  effect: Effect;
}

/** Whatever has the live names refuses connections, superusers' too; returns when every session in it has ended. */
export const closeDatabases = (
  target: DatabaseTarget,
  swaps: readonly DatabaseSwap[],
  options: DoorOptions,
): Promise<void> =>
  withLive(target, swaps, options, async (client, live) => {
    for (const { name, open } of live) {
      if (open) await options.effect('close the live database', () => allow(client, name, false));
    }
    const oids = live.map(({ oid }) => oid);
    await options.effect('end the sessions of the live databases', () => emptyDatabases(client, oids));
  });

/** Undoes `closeDatabases`; open ones stay open. */
export const openDatabases = (
  target: DatabaseTarget,
  swaps: readonly DatabaseSwap[],
  options: DoorOptions,
): Promise<void> =>
  withLive(target, swaps, options, async (client, live) => {
    for (const { name, open } of live) {
      if (!open) await options.effect('open the live database', () => allow(client, name, true));
    }
  });

interface Live {
  oid: number;
  name: string;
  open: boolean;
}

const withLive = (
  target: DatabaseTarget,
  swaps: readonly DatabaseSwap[],
  { applicationName }: DoorOptions,
  use: (client: pg.Client, live: Live[]) => Promise<void>,
): Promise<void> =>
  withSession(target, { database: swapMaintenance(swaps), applicationName }, async (client) => {
    await readSwapState(client, swaps);
    const { rows } = await client.query<Live>(
      'select oid, datname as name, datallowconn as open from pg_database where datname = any ($1::text[])',
      [swaps.map(({ live }) => live)],
    );
    await use(client, rows);
  });

const allow = (client: pg.Client, name: string, open: boolean) =>
  client.query(`alter database ${pg.escapeIdentifier(name)} with allow_connections ${open}`);
