// The swap itself, from its intent: the folders go first, behind closed doors, and the databases' one transaction is the
// commit point. Where there are only folders, the last rename is.
import type { DatabaseTarget } from '../../config/targets.js';
import { closeDatabases, swapDatabases } from '../../database/swap.js';
import { databaseSwapState } from '../../database/swap-state.js';
import { swapTree, treeSwapState } from '../../files/tree-swap.js';
import { stopAll } from '../../services/service.js';
import { applicationName, type Host, recordedTargets } from '../context.js';
import type { OperationRecord } from '../record.js';
import type { SwapIntent } from '../recorded-swap.js';

/** To the new state from any other; does nothing where it holds. What an engine's restart brought up is stopped again. */
export const swapForward = async (record: OperationRecord, swap: SwapIntent, host: Host): Promise<void> => {
  const [server] = await recordedTargets(record);
  const database = server === undefined || swap.databases.length === 0 ? null : server;
  if (await isDone(record, swap, { database, host })) return;
  if (record.services !== null) await stopAll(record.services.units, host.effect);
  if (database === null) return swapTrees(swap, host);
  const { deployment } = record;
  const options = { applicationName: applicationName(host, record.id), effect: host.effect, deployment };
  if (swap.trees.length > 0) await closeDatabases(database, swap.databases, options);
  await swapTrees(swap, host);
  await swapDatabases(database, swap.databases, options);
};

const isDone = async (
  record: OperationRecord,
  swap: SwapIntent,
  { database, host }: { database: DatabaseTarget | null; host: Host },
): Promise<boolean> => {
  if (database !== null) return isCommitted({ server: database, record, swap, host });
  const states = await Promise.all(swap.trees.map(treeSwapState));
  return states.every((state) => state === 'new');
};

export const isCommitted = async ({
  server,
  record,
  swap,
  host,
}: {
  server: DatabaseTarget;
  record: OperationRecord;
  swap: SwapIntent;
  host: Host;
}): Promise<boolean> =>
  (await databaseSwapState(server, swap.databases, { applicationName: applicationName(host, record.id) })) ===
  'new';

const swapTrees = async (swap: SwapIntent, { effect }: Host): Promise<void> => {
  for (const tree of swap.trees) await swapTree(tree, effect);
};
