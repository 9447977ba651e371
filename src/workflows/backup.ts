// One restore point: databases and files of a deployment, from the same moment or with a gap that is measured.
import type { BackupPlan } from '../domain/plans.js';
import type { BackupResult } from '../domain/progress.js';
import { parseBackupRequest } from '../domain/requests.js';
import { type Patience, quick, transfer, undoing } from './activities.js';
import { beginBackup } from './begin-backup.js';
import { amount, duration } from './details.js';
import { failingPlainly } from './failing.js';
import { parsed } from './input.js';
import { watchingTheClock } from './lateness.js';
import { listenForWay } from './make-way.js';
import { type ShownProgress, showProgress } from './progress.js';
import { prepareRollBack } from './roll-back.js';
import { runningForMs } from './run.js';
import { expectation, patienceOf, scheduledFor, showMoment } from './scheduled.js';
import { quietServices, runAfterBackup, runBackupHook } from './services.js';
import { startCopies } from './start-copies.js';
import { drillBackup } from './start-drill.js';
import { startPrune } from './start-prune.js';
import { storeArtifacts } from './store-artifacts.js';
import { withoutEnd } from './without-end.js';

export async function backup(input: unknown): Promise<BackupResult> {
  const request = parsed(parseBackupRequest, input);
  const moment = scheduledFor();
  const progress = showProgress('backup', request.deployment);
  const rollBack = prepareRollBack(progress);
  listenForWay(progress);
  return failingPlainly(async () => {
    const expected = moment === null ? null : await expectation(request);
    showMoment(progress, expected);
    const patience = patienceOf(request, expected);
    const beginning = { progress, rollBack, patience, expected, scheduledFor: moment };
    const { plan, made, failed } = await watchingTheClock(progress, expected, async () => {
      const begun = await beginBackup(request, beginning);
      const stored = await carryOut(begun, progress, patience).catch(async (error: unknown) => {
        throw await rollBack({ plan: begun, error });
      });
      return { plan: begun, made: stored, failed: await runAfterBackup(begun, progress, patience) };
    });
    // The backup exists now: to cancel comes too late, and there is nothing to undo.
    await withoutEnd(progress, 'release', {
      act: (name) => undoing(name).releaseBackup({ plan }),
      detail: () => '',
    });
    const copies = await startCopies(plan, progress);
    if (failed !== null) {
      progress.show({ phase: 'done' });
      throw failed.error;
    }
    const durationMs = runningForMs();
    const proof = request.drill ? { drill: await drillBackup(plan, progress) } : {};
    if (plan.keepsAll !== true && proof.drill?.outcome !== 'failed') await startPrune(plan, progress);
    progress.show({ phase: 'done' });
    return { deployment: plan.deployment, backup: plan.backup, ...made, durationMs, copies, ...proof };
  });
}

const carryOut = async (
  plan: BackupPlan,
  progress: ShownProgress,
  patience: Patience,
): Promise<Pick<BackupResult, 'bytes' | 'artifacts' | 'gapMs'>> => {
  await runBackupHook(plan, 'beforeBackup', { ...progress, patience });
  const services = await quietServices(plan, progress, patience);
  const stored = await storeArtifacts(plan, progress, { patience, services });
  const { bytes, artifacts } = await progress.step(
    'checksum',
    (name) => transfer(name, patience).checksumArtifacts({ plan, parts: stored.parts }),
    (read) => `${amount(read)}, as written`,
  );
  const { gapMs } = await progress.step(
    'commit',
    (name) => quick(name, patience).commitBackup({ plan, ...stored }),
    (made) => `${plan.backup}, ${made.gapMs === 0 ? 'the same moment' : `gap ${duration(made.gapMs)}`}`,
  );
  return { bytes, artifacts, gapMs };
};
