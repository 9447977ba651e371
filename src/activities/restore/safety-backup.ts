// A complete backup of the databases that a restore in place is about to replace, under the restore's own operation.
import { claimPlace } from '../../catalog/own-place.js';
import { deploymentOf } from '../../config/load.js';
import { Failure } from '../../domain/failure.js';
import type { Manifest } from '../../domain/manifest.js';
import { SAFETY_TIER } from '../../domain/names.js';
import type { BackupPlan, RestorePlan } from '../../domain/plans.js';
import { totalBytes } from '../../operations/stored-artifacts.js';
import { type OperationAttempt, operationActivity } from '../attempt.js';
import { checkParts } from '../backup/check-artifacts.js';
import { commitManifest, fixedManifest } from '../backup/commit-backup.js';
import { dumpAll } from '../backup/dump-databases.js';
import { readFixed } from '../backup/fixed-files.js';
import type { Dependencies } from '../dependencies.js';
import { requirePinned } from '../pinned.js';
import { withoutSafetyHint } from './plan-in-place.js';

export const makeSafetyBackup = (dependencies: Dependencies) =>
  operationActivity(dependencies, 'safety backup', async ({ plan }: { plan: RestorePlan }, attempt) => {
    requirePinned(deploymentOf(await dependencies.loadConfig(), plan.deployment), plan);
    try {
      return await make(plan, intoPrimary(attempt), dependencies);
    } catch (error) {
      throw withoutSafetyHint(error);
    }
  });

/** Once its manifest is fixed, its artifacts are stored and checked: a later attempt only commits it. */
const make = async (
  plan: RestorePlan,
  attempt: OperationAttempt,
  dependencies: Dependencies,
): Promise<{ artifacts: number; bytes: number }> => {
  const manifest = (await readFixed(attempt)) ?? (await store(plan, attempt, dependencies));
  await commitManifest(manifest, attempt);
  return { artifacts: manifest.artifacts.length, bytes: totalBytes(manifest.artifacts) };
};

const store = async (
  plan: RestorePlan,
  attempt: OperationAttempt,
  dependencies: Dependencies,
): Promise<Manifest> => {
  const backup = backupPlan(plan);
  const { state, effect } = attempt.host;
  await claimPlace({ ...backup, state, repository: attempt.record.settings.repository }, effect);
  const { part, requestedAt, takenAt } = await dumpAll(backup, attempt, async () => undefined);
  const stored = { plan: backup, parts: [part] };
  await checkParts(stored, attempt);
  return fixedManifest({ ...stored, snapshot: { requestedAt, takenAt }, quiet: null }, attempt, dependencies);
};

const backupPlan = (plan: RestorePlan): BackupPlan => {
  const { deployment, operation, instance, run, configuration, databases, safety } = plan;
  return {
    ...{ deployment, operation, instance, run, configuration, databases },
    backup: safety,
    type: 'database',
    tier: SAFETY_TIER,
    startedAt: new Date().toISOString(),
    trees: [],
    takeOver: false,
    quiet: [],
    hooks: [],
  };
};

/** The record's own repository is the one that the restored backup comes from. */
const intoPrimary = (attempt: OperationAttempt): OperationAttempt => {
  const { record } = attempt;
  const safety = record.inPlace?.safety ?? null;
  if (safety === null) throw new Failure('OPERATION_LOST', 'this restore makes no safety backup');
  const settings = { ...record.settings, repository: safety.repository };
  return { ...attempt, record: { ...record, settings } };
};
