// The services' part of a backup and of a restore.
import { deploymentOf } from '../config/load.js';
import type { BackupHook, BackupPlan, Quiet, RestorePlan } from '../domain/plans.js';
import { afterRestore } from '../operations/after-restore.js';
import { startGuard } from '../operations/guard.js';
import { hookFacts } from '../operations/hook-facts.js';
import { runHooks } from '../operations/hooks.js';
import { endQuiet, putServicesBack, quietRecorded, stopRecorded } from '../operations/services.js';
import { unitsOf } from '../services/service.js';
import { operationActivity } from './attempt.js';
import type { Dependencies } from './dependencies.js';
import { requirePinned } from './pinned.js';

interface RestoreInput {
  plan: RestorePlan;
}

interface BackupInput {
  plan: BackupPlan;
}

/** From here on the application is down. */
export const stopServices = (dependencies: Dependencies) =>
  operationActivity(dependencies, 'stop services', async ({ plan }: RestoreInput, { record, host }) => {
    const { deployment } = record.settings;
    if (record.services === null)
      requirePinned(deploymentOf(await dependencies.loadConfig(), plan.deployment), plan);
    const { units, since } = await stopRecorded(record, host, () => unitsOf(deployment.services));
    return { since, stopped: units.filter(({ state }) => state !== 'stopped').map(({ label }) => label) };
  });

export const startServices = (dependencies: Dependencies) =>
  operationActivity(dependencies, 'start services', async (_: RestoreInput, { record, host }) => {
    const services = await putServicesBack(record, host);
    const started = (services?.units ?? []).filter(({ state }) => state !== 'stopped');
    return { until: services?.until ?? new Date().toISOString(), started: started.map(({ label }) => label) };
  });

export const runAfterRestore = (dependencies: Dependencies) =>
  operationActivity(dependencies, 'afterRestore', (_: RestoreInput, { record, host, signal }) =>
    afterRestore(record, host, signal),
  );

/** Gives when the first service was touched, and when all were quiet. */
export const quietServices = (dependencies: Dependencies) =>
  operationActivity(
    dependencies,
    'quiet services',
    async ({ plan }: BackupInput, { record, host }): Promise<Pick<Quiet, 'since' | 'from'>> => {
      const { services, maxPauseMs } = record.settings.deployment;
      const { operation, deployment } = plan;
      const { since } = await quietRecorded(record, host, {
        unitsNow: () => unitsOf(services),
        guard: () => startGuard({ state: host.state, deployment, operation, maxPauseMs }),
      });
      return { since, from: new Date().toISOString() };
    },
  );

export const resumeServices = (dependencies: Dependencies) =>
  operationActivity(
    dependencies,
    'resume services',
    async (_: BackupInput, { record, host }): Promise<Pick<Quiet, 'until' | 'partial'>> => {
      const services = await endQuiet(record, host);
      return { until: services?.until ?? new Date().toISOString(), partial: services?.partial ?? true };
    },
  );

export const runBackupHook = (dependencies: Dependencies) =>
  operationActivity(
    dependencies,
    'hook',
    async ({ hook }: BackupInput & { hook: BackupHook }, { record, host, run }): Promise<void> => {
      const { hooks, stallTimeoutMs } = record.settings.deployment;
      await runHooks(hooks[hook], {
        name: hook,
        facts: await hookFacts(record, host),
        signal: run.signal,
        processes: run.processes,
        effect: host.effect,
        timeoutMs: stallTimeoutMs,
      });
    },
  );
