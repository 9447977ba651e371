// Takes the operation for a backup: from here on its record says what may have been stored.
import { repositoriesOf } from '../../catalog/catalog.js';
import { claimOwnership, takeOverOwnership } from '../../catalog/owner.js';
import type { RepositorySettings } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import type { Effect } from '../../domain/effect.js';
import { asFailure } from '../../domain/failure.js';
import type { BackupPlan } from '../../domain/plans.js';
import { locateTrees } from '../../operations/locate.js';
import { plannedRecord } from '../../operations/new-record.js';
import { takeOperation } from '../../operations/record.js';
import { openRepository } from '../../repositories/open-repository.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { requireOwnRun } from '../own-run.js';
import { requirePinned } from '../pinned.js';
import { primaryOf } from './plan-backup.js';

export const beginBackup = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async (plan: BackupPlan, { host }): Promise<void> => {
    requireOwnRun(plan);
    const config = await dependencies.loadConfig();
    const deployment = await locateTrees(deploymentOf(config, plan.deployment));
    requirePinned(deployment, plan);
    await takeOperation(
      host.state,
      plannedRecord(plan, dependencies.temporal, {
        kind: 'backup',
        startedAt: plan.startedAt,
        ...(plan.scheduledFor === undefined ? {} : { scheduledFor: plan.scheduledFor }),
        backup: plan.backup,
        settings: { deployment, repository: primaryOf(config, deployment), encryption: config.encryption },
      }),
      host.effect,
    );
    await own(repositoriesOf(config, deployment), plan, host.effect);
  });

/** The others are claimed when they are copied to, and taken over here as far as they answer. */
const own = async (
  [primary, ...others]: readonly RepositorySettings[],
  plan: BackupPlan,
  effect: Effect,
): Promise<void> => {
  if (primary !== undefined)
    await (plan.takeOver ? takeOverOwnership : claimOwnership)(openRepository(primary), plan, effect);
  if (!plan.takeOver) return;
  for (const settings of others) {
    await takeOverOwnership(openRepository(settings), plan, effect).catch((error: unknown) => {
      if (!asFailure(error).code.startsWith('REPOSITORY_')) throw error;
    });
  }
};
