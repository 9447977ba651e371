// The moment the restored data takes the live data's place. What it will change stands in the record first, by identity;
// the databases' transaction is the commit point, and the folders go before it behind closed doors.

import { deploymentOf } from '../../config/load.js';
import type { DatabaseTarget } from '../../config/targets.js';
import { describeDatabaseSwaps, type SwapNames } from '../../database/describe-swap.js';
import type { DatabaseSwap } from '../../database/swap.js';
import { sideDatabaseName } from '../../domain/names.js';
import type { RestorePlan, SwapResult } from '../../domain/plans.js';
import { describeTreeSwap, type TreeSwap } from '../../files/tree-swap.js';
import { applicationName, recordedTargets, sideComment } from '../../operations/context.js';
import { writeRecord } from '../../operations/record.js';
import type { SwapIntent } from '../../operations/recorded-swap.js';
import { type KeptSet, readKept } from '../../operations/swap/kept.js';
import { swapForward } from '../../operations/swap/swap-forward.js';
import { type OperationAttempt, operationActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { requirePinned } from '../pinned.js';
import { isAside } from './aside.js';
import { sourcesOf } from './fetched.js';

export const swap = (dependencies: Dependencies) =>
  operationActivity(
    dependencies,
    'swap',
    async ({ plan }: { plan: RestorePlan }, attempt): Promise<SwapResult> => {
      const { record, host } = attempt;
      const targets = await recordedTargets(record);
      const intent = record.swap ?? (await intend(dependencies, { plan, attempt, targets }));
      await swapForward(record, intent, host);
      return { closedAt: intent.closedAt, openAt: new Date().toISOString() };
    },
  );

interface Where {
  plan: RestorePlan;
  attempt: OperationAttempt;
  targets: readonly DatabaseTarget[];
}

/** The last look at the configuration and at the world; from here on only the record counts. */
const intend = async (dependencies: Dependencies, where: Where): Promise<SwapIntent> => {
  const { plan, attempt } = where;
  requirePinned(deploymentOf(await dependencies.loadConfig(), plan.deployment), plan);
  const kept = plan.undoes === '' ? null : await readKept(attempt.host.state, plan.deployment, plan.undoes);
  const databases = await intendDatabases(where, kept);
  const trees = await intendTrees(where, kept);
  const intent = { databases, trees, closedAt: new Date().toISOString() };
  await writeRecord(attempt.host.state, { ...attempt.record, swap: intent }, attempt.host.effect);
  return intent;
};

const intendDatabases = async (
  { plan, attempt, targets }: Where,
  kept: KeptSet | null,
): Promise<DatabaseSwap[]> => {
  const { record, host } = attempt;
  const [server] = targets;
  if (server === undefined) return [];
  const properties = plan.kind === 'restore' ? await manifestProperties(attempt) : new Map();
  const names = targets.map(({ name, database: live }, index): SwapNames => {
    const side = record.sideDatabases.find(({ database }) => database === name);
    const previous = kept?.databases.find(({ database }) => database === name);
    return {
      name,
      live,
      incoming: side?.name ?? previous?.side ?? '',
      incomingComment: side?.comment ?? previous?.comment ?? '',
      outgoing: sideDatabaseName(plan.operation, 'previous', index),
      outgoingComment: sideComment(host, plan.operation, 'previous'),
      properties: properties.get(name) ?? null,
    };
  });
  return describeDatabaseSwaps(server, names, applicationName(host, plan.operation));
};

/** What the backup says of each database, for one that is gone. */
const manifestProperties = async (attempt: OperationAttempt) => {
  const { manifest } = await sourcesOf(attempt);
  return new Map(manifest.databases.map(({ name, properties }) => [name, properties]));
};

const intendTrees = async ({ plan, attempt }: Where, kept: KeptSet | null): Promise<TreeSwap[]> => {
  const trees = attempt.record.settings.deployment.trees.filter(
    ({ name }) => plan.trees.includes(name) && !isAside(plan, name),
  );
  const swaps: TreeSwap[] = [];
  for (const { name, path } of trees) {
    const sides = attempt.record.sideFolders.filter(({ tree }) => tree === name).map((side) => side.path);
    const incoming = kept?.trees.find(({ tree }) => tree === name)?.folder ?? sides[0] ?? '';
    swaps.push(await describeTreeSwap({ tree: name, live: path, incoming, outgoing: sides.at(-1) ?? '' }));
  }
  return swaps;
};
