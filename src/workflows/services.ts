// The services around the data: stopped for a restore and started again, quiet for a moment while a backup is made.
import type { BackupPlan, Quiet, RestorePlan } from '../domain/plans.js';
import { type Patience, quick, runningHook, withinDeadline } from './activities.js';
import { duration } from './details.js';
import { reason, saying } from './failing.js';
import type { ShownProgress } from './progress.js';

export interface StoppedServices {
  /** Since when the application is down: ISO 8601; empty when there is nothing to stop. */
  since: string;
  /** Those that ran, or were paused: what had been stopped before is nobody's doing here. */
  stopped: string[];
}

export const stopServices = async (plan: RestorePlan, { step }: ShownProgress): Promise<StoppedServices> => {
  if (plan.services.length === 0) return { since: '', stopped: [] };
  const stop = (name: string) => withinDeadline(name, plan.forwardWithinMs).stopServices({ plan });
  return step('stop services', stop, ({ stopped }) => stopped.join(', '));
};

/** What was running runs again. Gives when the last one did: ISO 8601; empty when there is nothing to start. */
export const startServices = async (plan: RestorePlan, { step }: ShownProgress): Promise<string> => {
  if (plan.services.length === 0 || plan.leaveStopped) return '';
  const start = (name: string) => withinDeadline(name, plan.forwardWithinMs).startServices({ plan });
  const { until } = await step('start services', start, ({ started }) => started.join(', '));
  return until;
};

/** A command that takes longer than it may is ended by its own step, which knows which one it was. */
const SAYING_SO_MS = 5_000;

export const runAfterRestore = async (plan: RestorePlan, { step }: ShownProgress): Promise<void> => {
  if (!plan.hooks) return;
  const withinMs = plan.forwardWithinMs + SAYING_SO_MS;
  await step('afterRestore', (name) => withinDeadline(name, withinMs).runAfterRestore({ plan }));
};

/** Services that become quiet, and how to end that: a second call does nothing. */
export interface QuietServices {
  /** null: no service was asked to be quiet. */
  end: () => Promise<Quiet | null>;
}

/** From here until `end` nothing of the deployment writes; a roll-back ends it too. */
export const quietServices = async (
  plan: BackupPlan,
  { step }: ShownProgress,
  patience: Patience,
): Promise<QuietServices> => {
  if (plan.quiet.length === 0) return { end: async () => null };
  const { since, from } = await step(
    'quiet services',
    (name) => quick(name, patience).quietServices({ plan }),
    () => plan.quiet.join(', '),
  );
  let ended: Promise<Quiet> | null = null;
  const end = async (): Promise<Quiet> => {
    const { until, partial } = await step(
      'resume services',
      (name) => quick(name, patience).resumeServices({ plan }),
      (done) => `after ${duration(Date.parse(done.until) - Date.parse(since))}`,
    );
    return { since, from, until, partial };
  };
  return {
    end: () => {
      ended ??= end();
      return ended;
    },
  };
};

export const runBackupHook = async (
  plan: BackupPlan,
  hook: BackupPlan['hooks'][number],
  { step, patience }: { step: ShownProgress['step']; patience: Patience },
): Promise<void> => {
  if (!plan.hooks.includes(hook)) return;
  await step(hook, (name) => runningHook(name, patience).runBackupHook({ plan, hook }));
};

/** The backup exists by then, so what its commands fail with is told when the rest is done. null: nothing failed. */
export const runAfterBackup = async (
  plan: BackupPlan,
  { step }: ShownProgress,
  patience: Patience,
): Promise<{ error: unknown } | null> => {
  try {
    await runBackupHook(plan, 'afterBackup', { step, patience });
    return null;
  } catch (error) {
    return { error: saying(error, `${reason(error)}; the backup ${plan.backup} is complete`) };
  }
};
