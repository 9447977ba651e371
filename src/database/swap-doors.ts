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
  { applicationName, effect }: DoorOptions,
): Promise<void> =>
  withSession(target, { database: swapMaintenance(swaps), applicationName }, async (client) => {
    await readSwapState(client, swaps);
    const live = await liveDatabases(client, swaps);
    for (const { name } of live.filter(({ open }) => open)) {
      await effect('close the live database', () => close(client, name));
    }
    const oids = live.map(({ oid }) => oid);
    await effect('end the sessions of the live databases', () => emptyDatabases(client, oids));
  });

interface Live {
  oid: number;
  name: string;
  open: boolean;
}

const liveDatabases = async (client: pg.Client, swaps: readonly DatabaseSwap[]): Promise<Live[]> => {
  const { rows } = await client.query<Live>(
    'select oid, datname as name, datallowconn as open from pg_database where datname = any ($1::text[])',
    [swaps.map(({ live }) => live)],
  );
  return rows;
};

const close = (client: pg.Client, name: string) =>
  client.query(`alter database ${pg.escapeIdentifier(name)} with allow_connections false`);
