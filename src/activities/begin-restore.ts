// Takes the operation for a restore that was approved: the plan is made again and must be the same.
import { repositoriesOf } from '../catalog/catalog.js';
import { readSignedManifest } from '../catalog/signed-manifest.js';
import { trustOf } from '../catalog/signing-key.js';
import type { Config, Deployment, RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { Failure } from '../domain/failure.js';
import { sideDatabaseName } from '../domain/names.js';
import type { RestorePlan } from '../domain/plans.js';
import type { GivenApproval } from '../domain/progress.js';
import type { RestoreRequest } from '../domain/requests.js';
import { sidePaths } from '../files/side-folders.js';
import { type Host, sideComment } from '../operations/context.js';
import { locateTrees } from '../operations/locate.js';
import { noteEvent } from '../operations/log.js';
import {
  type InPlaceRestore,
  type OperationRecord,
  readRecord,
  type SideDatabase,
  type SideFolder,
  takeOperation,
} from '../operations/record.js';
import { unitsOf } from '../services/service.js';
import { isAside, recordedAside } from './aside.js';
import { lookingActivity } from './attempt.js';
import type { Dependencies } from './dependencies.js';
import { requireOwnRun } from './own-run.js';
import { primaryOf } from './plan-backup.js';
import { makeRestorePlan } from './plan-restore.js';
import { treeWay } from './tree-way.js';
import { withoutApplication } from './without-application.js';

export interface BeginRestoreInput {
  plan: RestorePlan;
  request: RestoreRequest;
  /** Runs of earlier versions have none. */
  approval?: GivenApproval;
}

export const beginRestore = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ plan, request, approval }: BeginRestoreInput, { host }) => {
    requireOwnRun(plan);
    if (approval !== undefined) await noteApproval(plan, approval, host);
    if ((await readRecord(host.state, plan.deployment))?.id === plan.operation) return;
    await requireSamePlan(dependencies, plan, request);
    const config = await dependencies.loadConfig();
    const configured = await locateTrees(deploymentOf(config, plan.deployment));
    const deployment = request.recovery ? await withoutApplication(configured) : configured;
    const record = await recordOf({ plan, config, deployment, host, dependencies });
    const { only } = request;
    await takeOperation(
      host.state,
      {
        ...record,
        ...(approval === undefined ? {} : { approvedBy: plainly(approval.by) }),
        ...(only.length === 0 ? {} : { only }),
        ...(plan.unsigned === undefined ? {} : { unsigned: plan.unsigned }),
      },
      host.effect,
    );
  });

/** An approval was given, whatever comes of it. */
const noteApproval = (plan: RestorePlan, { by, how }: GivenApproval, host: Host): Promise<void> =>
  noteEvent(host, {
    ...{ deployment: plan.deployment, kind: 'approval', id: plan.operation },
    ...{ at: new Date().toISOString(), backup: plan.backup, outcome: 'approved' },
    facts: { by: plainly(by), how, confirm: `${plan.deployment}@${plan.backup}`, of: plan.kind },
  });

/** Whatever a client says, on one line and not for ever. */
const plainly = (text: string): string => text.replace(/\p{Cc}/gu, ' ').slice(0, 200);

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
    settings: { deployment: chosen, repository, encryption: config.encryption },
    sideDatabases: plan.kind === 'restore' && plan.mode === 'swap' ? sideDatabases(plan, chosen, host) : [],
    sideFolders: await sideFolders(plan, deployment),
    aside: recordedAside(plan, deployment),
    swap: null,
    inPlace: plan.mode === 'in-place' ? await inPlace(plan, { config, deployment, repository }) : null,
    services: null,
    leaveStopped: plan.leaveStopped,
    hooksDone: false,
    undoes: plan.undoes,
  };
};

/** What is there before stands in it as soon as its restore begins. */
const inPlace = async (
  { backup, safety, databases, unsigned = '' }: RestorePlan,
  {
    config,
    deployment,
    repository,
  }: { config: Config; deployment: Deployment; repository: RepositorySettings },
): Promise<InPlaceRestore> => {
  const verifying = { trust: await trustOf(config), allowUnsigned: unsigned !== '' };
  const wanted = { deployment: deployment.name, backup };
  const { manifest } = await readSignedManifest(repository, wanted, verifying);
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
  const aside = recordedAside(plan, deployment).map(({ tree, from }) => ({ tree, path: from }));
  const trees = deployment.trees.filter(({ name }) => plan.trees.includes(name) && !isAside(plan, name));
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
  return [...folders.flat(), ...aside];
};
