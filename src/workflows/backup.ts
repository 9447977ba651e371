// One restore point: databases and files of a deployment, from the same moment or with a gap that is measured.
import { workflowInfo } from '@temporalio/workflow';
import type { BackupResult } from '../domain/progress.js';
import { parseBackupRequest } from '../domain/requests.js';
import { quick, transfer } from './activities.js';
import { parsed } from './input.js';
import { showProgress } from './progress.js';
import { rolledBack } from './roll-back.js';
import { failingPlainly, thisRun } from './run.js';
import { storeArtifacts } from './store-artifacts.js';

export async function backup(input: unknown): Promise<BackupResult> {
  const request = parsed(parseBackupRequest, input);
  const patience = { watched: request.tier === 'manual' };
  const progress = showProgress('backup', request.deployment);
  return failingPlainly(async () => {
    const plan = await progress.step('plan', (name) =>
      quick(name, patience).planBackup({ request, run: thisRun() }),
    );
    progress.show({ backup: plan.backup, phase: 'working' });
    try {
      await progress.step('begin', (name) => quick(name, patience).beginBackup(plan));
      const stored = await storeArtifacts(plan, progress, patience);
      const { bytes, artifacts } = await progress.step('checksum', (name) =>
        transfer(name, patience).checksumArtifacts({ plan, parts: stored.parts }),
      );
      const { gapMs } = await progress.step('commit', (name) =>
        quick(name, patience).commitBackup({ plan, ...stored }),
      );
      await progress.step('release', (name) => quick(name, patience).releaseBackup({ plan }));
      progress.show({ phase: 'done' });
      const durationMs = Date.now() - workflowInfo().startTime.getTime();
      return { deployment: plan.deployment, backup: plan.backup, bytes, artifacts, gapMs, durationMs };
    } catch (error) {
      throw await rolledBack(progress, { plan, error, what: 'backup' });
    }
  });
}
