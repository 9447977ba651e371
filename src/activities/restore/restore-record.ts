// The record that a restore begins with: everything that it will make or rename, by name, before the first of it is made.
import { repositoriesOf } from '../../catalog/catalog.js';
import { trustOf } from '../../catalog/signing-key.js';
import type { Config, Deployment, RepositorySettings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import type { RestorePlan } from '../../domain/plans.js';
import { sidePaths } from '../../files/side-folders.js';
import type { Host } from '../../operations/context.js';
import { plannedRecord, sideDatabasesOf } from '../../operations/new-record.js';
import type { OperationRecord, SideFolder } from '../../operations/record.js';
import type { InPlaceRestore } from '../../operations/recorded-in-place.js';
import { unitsOf } from '../../services/service.js';
import { primaryOf } from '../backup/plan-backup.js';
import type { Dependencies } from '../dependencies.js';
import { isAside, recordedAside } from './aside.js';
import { firstSigned } from './restore-source.js';
import { treeWay } from './tree-way.js';

/** Every side name that the restore will use stands in the record before the first of them is made. */
export const restoreRecord = async ({
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
  return plannedRecord(plan, dependencies.temporal, {
    kind: plan.kind,
    startedAt: new Date().toISOString(),
    backup: plan.backup,
    settings: { deployment: chosen, repository, encryption: config.encryption },
    sideDatabases:
      plan.kind === 'restore' && plan.mode === 'swap'
        ? sideDatabasesOf(
            plan.operation,
            host,
            chosen.databases.map(({ name }) => name),
          )
        : [],
    sideFolders: await sideFolders(plan, deployment),
    aside: recordedAside(plan, deployment),
    inPlace: plan.mode === 'in-place' ? await inPlace(plan, { config, deployment, repository }) : null,
    leaveStopped: plan.leaveStopped,
    undoes: plan.undoes,
  });
};

/** What is there before stands in it as soon as its restore begins. */
const inPlace = async (
  { backup, safety, databases, others = [], unsigned = '' }: RestorePlan,
  {
    config,
    deployment,
    repository,
  }: { config: Config; deployment: Deployment; repository: RepositorySettings },
): Promise<InPlaceRestore> => {
  const verifying = { trust: await trustOf(config), allowUnsigned: unsigned !== '' };
  const candidates = [repository, ...others.flatMap((name) => repositoriesOf(config, deployment, name))];
  const { manifest } = await firstSigned(candidates, { deployment: deployment.name, backup }, verifying);
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
