// The way back of a swap: what was live before is live again, and nothing runs on it meanwhile.
import type { DatabaseTarget } from '../../config/targets.js';
import { closeDatabases, swapDatabasesBack } from '../../database/swap.js';
import { databaseSwapState } from '../../database/swap-state.js';
import { swapTreeBack, treeSwapState } from '../../files/tree-swap.js';
import { stopAll } from '../../services/service.js';
import { applicationName, type Host } from '../context.js';
import type { OperationRecord } from '../record.js';
import type { SwapIntent } from '../recorded-swap.js';

/** Never mixed: while the folders go back, the databases refuse connections. Does nothing where all is old already. */
export const swapBack = async (
  record: OperationRecord,
  swap: SwapIntent,
  { server, host }: { server: DatabaseTarget | undefined; host: Host },
): Promise<void> => {
  const options = {
    applicationName: applicationName(host, record.id),
    effect: host.effect,
    deployment: record.deployment,
  };
  // Those that a failed start or health check left running, on the restored data.
  if (record.services !== null && (await anythingNew(swap, server, options.applicationName)))
    await stopAll(record.services.units, host.effect);
  if (server !== undefined && swap.trees.length > 0) await closeDatabases(server, swap.databases, options);
  for (const tree of [...swap.trees].reverse()) await swapTreeBack(tree, host.effect);
  if (server !== undefined) await swapDatabasesBack(server, swap.databases, options);
};

const anythingNew = async (
  swap: SwapIntent,
  server: DatabaseTarget | undefined,
  name: string,
): Promise<boolean> => {
  const trees = await Promise.all(swap.trees.map(treeSwapState));
  if (trees.some((state) => state !== 'old')) return true;
  if (server === undefined || swap.databases.length === 0) return false;
  return (await databaseSwapState(server, swap.databases, { applicationName: name })) === 'new';
};
