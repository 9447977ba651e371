// The end of a drill, whatever came of it: all that it has made is dropped, and the log says what it came to. Shielded from
// cancellation, tried until it succeeds or somebody gives up.
import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';
import type { DrillOutcome, DrillResult } from '../domain/drills.js';
import { Failure } from '../domain/failure.js';
import type { DrillPlan } from '../domain/plans.js';
import { undoing } from './activities.js';
import { codeOf, plainFailure, reason, runFailure } from './failing.js';
import type { ShownProgress } from './progress.js';
import { listenForGiveUp } from './roll-back.js';
import { withoutEnd } from './without-end.js';

export interface Clear {
  /** Throws when somebody gave up: then something is left. */
  proved: (plan: DrillPlan, result: Omit<DrillResult, 'durationMs'>) => Promise<void>;
  /** Gives the error to end the run with. */
  failed: (plan: DrillPlan, error: unknown) => Promise<unknown>;
}

/** To be called when the run begins: from then on `giveUp` is known, and says when it makes no sense yet. */
export const prepareClear = (progress: ShownProgress): Clear => {
  const giveUp = listenForGiveUp();
  const clear = async (plan: DrillPlan, outcome: DrillOutcome): Promise<Failure | null> => {
    giveUp.begun = true;
    const line = await withoutEnd(progress, 'clear', {
      act: (name) => undoing(name).clearDrill({ plan, outcome }),
      detail: (words) => words,
      abandoned: () => giveUp.reason,
    });
    giveUp.begun = false;
    return line === null ? leftOver(plan) : null;
  };
  return {
    proved: async (plan, result) => {
      const left = await clear(plan, { outcome: 'restored', facts: factsOf(result) });
      if (left !== null) throw runFailure(left);
    },
    failed: async (plan, error) => {
      const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
      progress.show({ phase: 'rolling back' });
      const why = cancelled
        ? { reason: 'it was cancelled' }
        : { reason: reason(error), code: codeOf(error) || 'UNEXPECTED' };
      const left = await clear(plan, { outcome: 'failed', facts: why });
      if (left !== null) return runFailure(left);
      progress.show({ phase: 'rolled back' });
      return cancelled ? new CancelledFailure('cancelled') : plainFailure(error);
    },
  };
};

/** What an auditor asks of it. */
const factsOf = ({
  rawBytes,
  recoveryMs,
  opened,
  tables,
  rows,
  files,
  ...result
}: Omit<DrillResult, 'durationMs'>) => ({
  recoveryMs,
  rawBytes,
  tables,
  rows,
  objects: result.objects,
  files,
  assertions: result.assertions,
  opened: opened === '' ? 'not encrypted' : opened,
  notes: [...result.notes, ...result.elsewhere],
});

const leftOver = ({ deployment }: DrillPlan): Failure =>
  new Failure(
    'ROLL_BACK_INCOMPLETE',
    `the drill is not cleared: the operation record of ${deployment} says what is left`,
    {
      hint: `mend what stands in the way, then start the workflow settle with {"deployment": "${deployment}"}; the agent tries it every minute too`,
    },
  );
