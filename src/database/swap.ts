// The moment a restored database takes the live one's place, and the way back. One transaction changes all databases
// of a deployment: names, owner, rights, settings, comments, and which of them accept connections.
import pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import { propertyStatements } from './properties.js';
import { type Outage, type Rename, renameDatabases } from './rename-databases.js';
import { type DatabaseSwap, readSwapState, swapMaintenance } from './swap-state.js';

export { closeDatabases } from './swap-doors.js';
export { type DatabaseSwap, databaseSwapState } from './swap-state.js';

interface SwapOptions {
  applicationName: string;
  deployment: string;
  effect: Effect;
}

/** The commit point of a restore. Does nothing when it has happened. A failure that is retryable changed nothing. */
export const swapDatabases = (
  target: DatabaseTarget,
  swaps: readonly DatabaseSwap[],
  options: SwapOptions,
): Promise<Outage> =>
  renameDatabases(target, {
    ...options,
    database: swapMaintenance(swaps),
    plan: async (client) => {
      if ((await readSwapState(client, swaps)) === 'new') return null;
      await checkStaged(client, swaps);
      return { renames: swaps.flatMap(forwardRenames), statements: swaps.flatMap(forwardStatements) };
    },
  });

/** From either state to the old one: names, comments, connections. The staged one refuses connections afterwards. */
export const swapDatabasesBack = async (
  target: DatabaseTarget,
  swaps: readonly DatabaseSwap[],
  options: SwapOptions,
): Promise<void> => {
  await renameDatabases(target, {
    ...options,
    database: swapMaintenance(swaps),
    plan: async (client) => {
      const swapped = (await readSwapState(client, swaps)) === 'new';
      const statements = swapped ? swaps.flatMap(backStatements) : await openings(client, swaps);
      if (!swapped && statements.length === 0) return null;
      return { renames: swapped ? swaps.flatMap(backRenames) : [], statements };
    },
  });
};

/** The staged databases as they were left: a late attempt finds another comment, or none of them. */
const checkStaged = async (client: pg.Client, swaps: readonly DatabaseSwap[]): Promise<void> => {
  for (const { incoming, incomingOid, incomingComment } of swaps) {
    const { rows } = await client.query<{ comment: string | null }>(
      `select shobj_description(oid, 'pg_database') as comment from pg_database where oid = $1 and datname = $2`,
      [incomingOid, incoming],
    );
    if (rows[0]?.comment === incomingComment) continue;
    const what = rows[0] === undefined ? 'is gone' : 'is not marked as the one that was staged';
    throw new Failure('OPERATION_LOST', `database ${incoming} ${what}; nothing was changed`);
  }
};

const forwardRenames = (swap: DatabaseSwap): Rename[] => [
  ...(swap.liveOid === null ? [] : [{ oid: swap.liveOid, from: swap.live, to: swap.outgoing }]),
  { oid: swap.incomingOid, from: swap.incoming, to: swap.live },
];

const backRenames = (swap: DatabaseSwap): Rename[] =>
  forwardRenames(swap)
    .map(({ oid, from, to }) => ({ oid, from: to, to: from }))
    .reverse();

const forwardStatements = ({
  live,
  liveOid,
  outgoing,
  outgoingComment,
  properties,
}: DatabaseSwap): string[] => [
  ...(properties === null ? [comment(live, null)] : propertyStatements(live, properties)),
  ...(liveOid === null ? [] : [comment(outgoing, outgoingComment), connections(outgoing, false)]),
  connections(live, true),
];

const backStatements = ({ live, liveOid, incoming, incomingComment, properties }: DatabaseSwap): string[] => [
  comment(incoming, incomingComment),
  connections(incoming, false),
  ...(liveOid === null ? [] : [comment(live, properties?.comment ?? null), connections(live, true)]),
];

/** What only closed doors have changed. */
const openings = async (client: pg.Client, swaps: readonly DatabaseSwap[]): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    'select datname as name from pg_database where oid = any ($1::oid[]) and not datallowconn',
    [swaps.flatMap(({ liveOid }) => liveOid ?? [])],
  );
  return rows.map(({ name }) => connections(name, true));
};

const connections = (database: string, allowed: boolean): string =>
  `ALTER DATABASE ${pg.escapeIdentifier(database)} WITH ALLOW_CONNECTIONS ${allowed}`;

const comment = (database: string, text: string | null): string =>
  `COMMENT ON DATABASE ${pg.escapeIdentifier(database)} IS ${text === null ? 'NULL' : pg.escapeLiteral(text)}`;
