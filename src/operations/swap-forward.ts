// The swap itself, from its intent: the folders go first, behind closed doors, and the databases' one transaction is the
// commit point. Where there are only folders, the last rename is.
import type { DatabaseTarget } from '../config/targets.js';
import { closeDatabases, swapDatabases } from '../database/swap.js';
import { databaseSwapState } from '../database/swap-state.js';
import { swapTree } from '../files/tree-swap.js';
import { applicationName, type Host, recordedTargets } from './context.js';
import type { OperationRecord, SwapIntent } from './record.js';

/** To the new state from any other; does nothing past the commit point. */
export const swapForward = async (record: OperationRecord, swap: SwapIntent, host: Host): Promise<void> => {
  const [server] = await recordedTargets(record);
  if (server === undefined || swap.databases.length === 0) return swapTrees(swap, host);
  if (await isCommitted({ server, record, swap, host })) return;
  const { deployment } = record;
  const options = { applicationName: applicationName(host, record.id), effect: host.effect, deployment };
  if (swap.trees.length > 0) await closeDatabases(server, swap.databases, options);
  await swapTrees(swap, host);
  await swapDatabases(server, swap.databases, options);
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
