// Which of two worlds holds: the live name has the old database, or the restored one. Oids decide, never names alone.
import type pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import type { DatabaseProperties } from '../domain/manifest.js';
import { maintenanceDatabase, withSession } from './session.js';

/** One database's change of places: plain data, written down before the first effect. */
export interface DatabaseSwap {
  /** The configured name (`main`). */
  name: string;
  /** The name that the application uses. */
  live: string;
  /** null: there is none, so nothing is replaced. */
  liveOid: number | null;
  incoming: string;
  incomingOid: number;
  incomingComment: string;
  /** The side name that the replaced one gets, and its comment. */
  outgoing: string;
  outgoingComment: string;
  /** What the restored one is given: the live one's, or the backup's when that is gone. */
  properties: DatabaseProperties | null;
}

/** old: nothing is swapped; new: all of it is. There is nothing between: one transaction swaps them all. */
export type DatabaseSwapState = 'old' | 'new';

/** Failure OPERATION_LOST, which says what is where, when it is neither. */
export const databaseSwapState = (
  target: DatabaseTarget,
  swaps: readonly DatabaseSwap[],
  { applicationName }: { applicationName: string },
): Promise<DatabaseSwapState> =>
  withSession(target, { database: swapMaintenance(swaps), applicationName }, (client) =>
    readSwapState(client, swaps),
  );

/** Sessions that swap must not be in a database that is swapped. */
export const swapMaintenance = (swaps: readonly DatabaseSwap[]): string =>
  maintenanceDatabase(swaps.map(({ live }) => ({ database: live })));

export const readSwapState = async (
  client: pg.Client,
  swaps: readonly DatabaseSwap[],
): Promise<DatabaseSwapState> => {
  const { rows } = await client.query<Named>(
    'select oid, datname as name from pg_database where oid = any ($1::oid[]) or datname = any ($2::text[])',
    [swaps.flatMap(swapOids), swaps.map(({ live }) => live)],
  );
  const states = new Set(swaps.map((swap) => stateOf(swap, rows)));
  const [state] = states;
  if (states.size > 1 || state === undefined || state === 'neither') throw lost(swaps, rows);
  return state;
};

const swapOids = ({ liveOid, incomingOid }: DatabaseSwap): number[] =>
  liveOid === null ? [incomingOid] : [liveOid, incomingOid];

interface Named {
  oid: number;
  name: string;
}

/** `old` holds too once the staged database is dropped: the last step of a roll-back that is repeated. */
const stateOf = (swap: DatabaseSwap, databases: readonly Named[]): DatabaseSwapState | 'neither' => {
  const nameOf = (wanted: number | null) => databases.find(({ oid }) => oid === wanted)?.name;
  const { live, liveOid, incoming, incomingOid, outgoing } = swap;
  const atLive = databases.find(({ name }) => name === live)?.oid ?? null;
  const staged = nameOf(incomingOid);
  if (atLive === incomingOid && (liveOid === null || nameOf(liveOid) === outgoing)) return 'new';
  if (atLive === liveOid && (staged === undefined || staged === incoming)) return 'old';
  return 'neither';
};

const lost = (swaps: readonly DatabaseSwap[], databases: readonly Named[]): Failure => {
  const wanted = swaps.map(
    ({ live, liveOid, incomingOid, incoming }) =>
      `${live} (oid ${liveOid ?? 'none'}) and ${incoming} (oid ${incomingOid})`,
  );
  const found = databases.map(({ name, oid }) => `${name} (oid ${oid})`);
  return new Failure(
    'OPERATION_LOST',
    `the databases are not where this restore left them: it knows ${wanted.join(', ')}; there are ${found.join(', ') || 'none of them'}`,
    { hint: 'somebody renamed, dropped or created them meanwhile: put them where they were, or start again' },
  );
};
