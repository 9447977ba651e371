// Plans a backup: looks at everything that could make it fail, and fixes its ids. Changes nothing.
import { randomBytes } from 'node:crypto';
import { findBackup, repositoriesOf } from '../../catalog/catalog.js';
import { requireOwnPlace } from '../../catalog/own-place.js';
import type { Config, Deployment, RepositorySettings } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import { Failure } from '../../domain/failure.js';
import { backupId } from '../../domain/names.js';
import type { BackupPlan, RunIdentity } from '../../domain/plans.js';
import type { BackupRequest } from '../../domain/requests.js';
import { requireHooks } from '../../operations/hooks.js';
import { ownMoment, requireKnownTier } from '../../operations/known-tier.js';
import { openRepository } from '../../repositories/open-repository.js';
import { unitsOf } from '../../services/service.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { requirementsOf } from '../doctor/requirements.js';

export interface PlanBackupInput {
  request: BackupRequest;
  run: RunIdentity;
  /** The moment of the schedule that started the run; missing: somebody started it. */
  scheduledFor?: string | null;
}

export const planBackup = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async ({ request, run, scheduledFor = null }: PlanBackupInput): Promise<BackupPlan> => {
      const config = await dependencies.loadConfig();
      const deployment = contents(deploymentOf(config, request.deployment), request);
      requireKnownTier(config, request);
      const moment = ownMoment(config, request, scheduledFor);
      await Promise.all(
        requirementsOf(config, deployment, `holdfast:${dependencies.instance}:plan`).map((check) =>
          check.run(),
        ),
      );
      await checkRoom(config, deployment);
      if (!request.takeOver)
        await requireOwnPlace({
          ...{ state: config.state, repository: primaryOf(config, deployment) },
          ...{ deployment: deployment.name, instance: dependencies.instance },
        });
      const now = new Date();
      return {
        deployment: deployment.name,
        operation: randomBytes(5).toString('hex'),
        instance: dependencies.instance,
        backup: backupId(now, request.type, randomBytes(2).toString('hex')),
        type: request.type,
        tier: request.tier,
        ...(moment === null ? {} : { scheduledFor: moment }),
        startedAt: now.toISOString(),
        run,
        configuration: deployment.digest,
        databases: deployment.databases.map(({ name }) => name),
        trees: deployment.trees.map(({ name }) => name),
        quiet: await quietLabels(deployment),
        hooks: BACKUP_HOOKS.filter((hook) => deployment.hooks[hook].length > 0),
        takeOver: request.takeOver,
        copies: deployment.repositories.slice(1),
        ...(request.pin === true ? { pinned: true } : {}),
        ...(config.routines[deployment.name]?.tiers.length === 0 ? { keepsAll: true } : {}),
      };
    },
  );

const BACKUP_HOOKS = ['beforeBackup', 'afterBackup'] as const;

/** Services that are to be paused or stopped and are there. Failure UNKNOWN_SERVICE before any is touched. */
const quietLabels = async ({ services, hooks }: Deployment): Promise<string[]> => {
  await requireHooks(hooks, BACKUP_HOOKS);
  const units = await unitsOf(services.filter(({ duringBackup }) => duringBackup !== 'keep'));
  return units.map(({ label }) => label);
};

/** The first repository of a deployment: backups are stored there first. */
export const primaryOf = (config: Config, deployment: Deployment): RepositorySettings => {
  const [primary] = repositoriesOf(config, deployment);
  if (primary !== undefined) return primary;
  throw new Failure('CONFIG_INVALID', `deployments.${deployment.name} has no repository`);
};

const contents = (deployment: Deployment, { type }: BackupRequest): Deployment => {
  const databases = type === 'files' ? [] : deployment.databases;
  const trees = type === 'database' ? [] : deployment.trees;
  if (databases.length + trees.length > 0) return { ...deployment, databases, trees };
  throw new Failure(
    'INPUT_INVALID',
    `${deployment.name} has no ${type === 'files' ? 'files' : 'database'} to back up`,
    {
      hint: `leave --type out, or add them to deployments.${deployment.name}`,
    },
  );
};

/** The newest backup of the same deployment is the best guess of what the next one needs. */
export const checkRoom = async (config: Config, deployment: Deployment): Promise<void> => {
  const primary = primaryOf(config, deployment);
  const free = await openRepository(primary).freeBytes();
  const last = await findBackup(config, {
    deployment: deployment.name,
    id: 'latest',
    repository: primary.name,
  }).catch(() => null);
  if (free === null || last === null || free >= last.bytes) return;
  throw new Failure(
    'DISK_FULL',
    `repository ${primary.name} has ${Math.round(free / 1e6)} MB left; the last backup took ${Math.round(last.bytes / 1e6)} MB`,
    { hint: 'free some space there, or add a larger repository' },
  );
};
