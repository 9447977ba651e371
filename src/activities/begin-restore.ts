// Takes the operation for a restore that was approved: the plan is made again and must be the same.
import { readManifest, repositoriesOf } from '../catalog/catalog.js';
import type { Config, Deployment, RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { Failure } from '../domain/failure.js';
import type { Manifest } from '../domain/manifest.js';
import { sideDatabaseName } from '../domain/names.js';
import type { RestorePlan } from '../domain/plans.js';
import type { RestoreRequest } from '../domain/requests.js';
import { sidePaths } from '../files/side-folders.js';
import { type Host, sideComment } from '../operations/context.js';
import { locateTrees } from '../operations/locate.js';
import {
  type InPlaceRestore,
  type OperationRecord,
  readRecord,
  type SideDatabase,
  type SideFolder,
  takeOperation,
} from '../operations/record.js';
import { unitsOf } from '../services/service.js';
import { lookingActivity } from './attempt.js';
import type { Dependencies } from './dependencies.js';
import { requireOwnRun } from './own-run.js';
import { primaryOf } from './plan-backup.js';
import { makeRestorePlan } from './plan-restore.js';
import { treeWay } from './tree-way.js';

export const beginRestore = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async ({ plan, request }: { plan: RestorePlan; request: RestoreRequest }, { host }) => {
      requireOwnRun(plan);
      if ((await readRecord(host.state, plan.deployment))?.id === plan.operation) return;
      await requireSamePlan(dependencies, plan, request);
      const config = await dependencies.loadConfig();
      const deployment = await locateTrees(deploymentOf(config, plan.deployment));
      const record = await recordOf({ plan, config, deployment, host, dependencies });
      await takeOperation(host.state, record, host.effect);
    },
  );

const requireSamePlan = async (
  dependencies: Dependencies,
  plan: RestorePlan,
  request: RestoreRequest,
): Promise<void> => {
  const pinned = request.backup === 'previous' ? request : { ...request, backup: plan.backup };
  const again = await makeRestorePlan(dependencies, {
    request: pinned,
    run: plan.run,
    operation: plan.operation,
  });
  if (again.digest === plan.digest) return;
  throw new Failure(
    'PLAN_CHANGED',
    `what was approved for ${plan.deployment} is no longer what would be done`,
  );
};

/** Every side name that the restore will use stands in the record before the first of them is made. */
const recordOf = async ({
  plan,
  config,
  deployment,
  host,
  dependencies,
}: {
  plan: RestorePlan;
  config: Config;
  deployment: Deployment;
  host: Host;
  dependencies: Dependencies;
}): Promise<OperationRecord> => {
  const chosen = {
    ...deployment,
    databases: deployment.databases.filter(({ name }) => plan.databases.includes(name)),
  };
  const [repository] = repositoriesOf(config, deployment, plan.repository);
  if (repository === undefined)
    throw new Failure('CONFIG_INVALID', `there is no repository ${plan.repository}`);
  return {
    version: 1,
    id: plan.operation,
    deployment: plan.deployment,
    kind: plan.kind,
    instance: plan.instance,
    holder: { ...plan.run, ...dependencies.temporal },
    startedAt: new Date().toISOString(),
    direction: 'forward',
    backup: plan.backup,
    settings: { deployment: chosen, repository },
    sideDatabases: plan.kind === 'restore' && plan.mode === 'swap' ? sideDatabases(plan, chosen, host) : [],
    sideFolders: await sideFolders(plan, deployment),
    swap: null,
    inPlace: plan.mode === 'in-place' ? await inPlace(plan, config, deployment) : null,
    services: null,
    leaveStopped: plan.leaveStopped,
    hooksDone: false,
    undoes: plan.undoes,
  };
};

/** What is there before stands in it as soon as its restore begins. */
const inPlace = async (
  { backup, safety, databases, repository, others = [] }: RestorePlan,
  config: Config,
  deployment: Deployment,
): Promise<InPlaceRestore> => {
  const candidates = [repository, ...others].flatMap((name) => repositoriesOf(config, deployment, name));
  const manifest = await readManifestOf(candidates, deployment.name, backup);
  return {
    safety: safety === '' ? null : { backup: safety, repository: primaryOf(config, deployment) },
    databases: manifest.databases
      .filter(({ name }) => databases.includes(name))
      .map(({ name, tables }) => ({
        database: name,
        tables: tables.map((table) => ({ schema: table.schema, name: table.name })),
        before: null,
        undone: false,
      })),
  };
};

/** Of the planned repository, or of the first other one that was planned with it and answers. */
const readManifestOf = async (
  [first, ...others]: readonly RepositorySettings[],
  deployment: string,
  backup: string,
): Promise<Manifest> => {
  if (first === undefined) throw new Failure('UNKNOWN_BACKUP', `no repository holds ${backup}`);
  return readManifest(first, deployment, backup).catch((error: unknown) => {
    if (others.length === 0) throw error;
    return readManifestOf(others, deployment, backup);
  });
};

const sideDatabases = (plan: RestorePlan, deployment: Deployment, host: Host): SideDatabase[] =>
  deployment.databases.map(({ name }, index) => ({
    database: name,
    name: sideDatabaseName(plan.operation, 'new', index),
    comment: sideComment(host, plan.operation, 'new'),
    oid: null,
  }));

/** A restore makes a folder for what comes and one for what goes; for an undo, what comes is there already. */
const sideFolders = async (plan: RestorePlan, deployment: Deployment): Promise<SideFolder[]> => {
  const services = await unitsOf(deployment.services);
  const trees = deployment.trees.filter(({ name }) => plan.trees.includes(name));
  const folders = await Promise.all(
    trees.map(async (tree) => {
      const { name, path } = tree;
      const { incoming, outgoing } = await sidePaths(path, plan.operation, name, {
        way: await treeWay(tree, services),
      });
      return plan.kind === 'restore'
        ? [incoming, outgoing].map((side) => ({ tree: name, path: side }))
        : [{ tree: name, path: outgoing }];
    }),
  );
  return folders.flat();
};
