// Takes the operation for a drill. Everything that it will make stands in the record before the first of it is made, and
// nothing that is live does.
import { join } from 'node:path';
import { repositoriesOf } from '../../catalog/catalog.js';
import { deploymentOf } from '../../config/load.js';
import { Failure } from '../../domain/failure.js';
import { sideFolderName } from '../../domain/names.js';
import type { DrillPlan } from '../../domain/plans.js';
import type { Host } from '../../operations/context.js';
import { plannedRecord, sideDatabasesOf } from '../../operations/new-record.js';
import { type OperationRecord, readRecord, takeOperation } from '../../operations/record.js';
import { drillFolder } from '../../operations/state-folder.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { requireOwnRun } from '../own-run.js';
import { requirePinned } from '../pinned.js';
import { drillDatabases } from './drill-databases.js';

export const beginDrill = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ plan }: { plan: DrillPlan }, { host }): Promise<void> => {
    requireOwnRun(plan);
    if ((await readRecord(host.state, plan.deployment))?.id === plan.operation) return;
    await takeOperation(host.state, await recordOf(plan, dependencies, host), host.effect);
  });

const recordOf = async (
  plan: DrillPlan,
  dependencies: Dependencies,
  host: Host,
): Promise<OperationRecord> => {
  const config = await dependencies.loadConfig();
  const deployment = deploymentOf(config, plan.deployment);
  requirePinned(deployment, plan);
  const [repository] = repositoriesOf(config, deployment, plan.repository);
  if (repository === undefined)
    throw new Failure('CONFIG_INVALID', `there is no repository ${plan.repository}`);
  return plannedRecord(plan, dependencies.temporal, {
    kind: 'drill',
    startedAt: new Date().toISOString(),
    backup: plan.backup,
    settings: {
      deployment: { ...deployment, databases: drillDatabases(deployment, plan.databases), trees: [] },
      repository,
      encryption: config.encryption,
    },
    sideDatabases: sideDatabasesOf(plan.operation, host, plan.databases),
    sideFolders: plan.trees.map((tree) => ({
      tree,
      path: join(drillFolder(host.state), sideFolderName(plan.operation, tree, 'new')),
    })),
    drill: { elsewhere: plan.elsewhere, withoutOwners: plan.withoutOwners.length > 0, outcome: null },
  });
};
