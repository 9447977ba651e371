// The moment that the restored data becomes the live data: swapped in, or restored in place behind a safety backup.
import type { RestorePlan, SwapResult } from '../domain/plans.js';
import { transfer, WATCHED, withinDeadline } from './activities.js';
import { amount, duration } from './details.js';
import type { ShownProgress } from './progress.js';

export const replaceLive = (plan: RestorePlan, progress: ShownProgress): Promise<SwapResult> =>
  plan.mode === 'in-place' ? restoreInPlace(plan, progress) : swap(plan, progress);

const swap = (plan: RestorePlan, { step }: ShownProgress): Promise<SwapResult> =>
  step(
    'swap',
    (name) => withinDeadline(name, plan.forwardWithinMs).swap({ plan }),
    ({ closedAt, openAt }) => `closed for ${duration(between(closedAt, openAt))}`,
  );

/** As long as it takes: the application is down, or waits for the locks of one transaction. */
const restoreInPlace = async (plan: RestorePlan, { step }: ShownProgress): Promise<SwapResult> => {
  if (plan.safety !== '')
    await step(
      'safety backup',
      (name) => transfer(name, WATCHED).makeSafetyBackup({ plan }),
      (made) => `${plan.safety}, ${amount(made)}`,
    );
  return step(
    'restore in place',
    (name) => transfer(name, WATCHED).restoreInPlace({ plan }),
    ({ rows, busy }) =>
      busy.length === 0
        ? `${rows} rows, as in the backup`
        : `${rows} rows; not compared, since others are at work in ${busy.join(', ')}`,
  );
};

export const between = (from: string, to: string): number => Date.parse(to) - Date.parse(from);
