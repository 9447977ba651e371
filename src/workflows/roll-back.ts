// The way back of an operation: shielded from cancellation, tried without end, until somebody gives up.
import {
  CancellationScope,
  CancelledFailure,
  defineUpdate,
  isCancellation,
  setHandler,
} from '@temporalio/workflow';
import { Failure } from '../domain/failure.js';
import { type OperationKey, RESTORED_DATA_STAYS } from '../domain/plans.js';
import { giveUpUpdate } from '../domain/progress.js';
import { undoing } from './activities.js';
import { detailsOf, plainFailure, reason, refusal, runFailure } from './failing.js';
import type { ShownProgress } from './progress.js';
import { withoutEnd } from './without-end.js';

export interface WayBack {
  plan: OperationKey;
  /** Why. */
  error: unknown;
  /** The run's failure, when everything is as it was before. Otherwise it is the step's own. */
  ended?: (error: unknown, outcome: string) => unknown;
}

interface GiveUp {
  by?: unknown;
}

/** Undoes an operation from its record and gives the error to end the run with. */
export type RollBack = (way: WayBack) => Promise<unknown>;

/** To be called when the run begins: from then on `giveUp` is known, and says when it makes no sense yet. */
export const prepareRollBack = (progress: ShownProgress): RollBack => {
  const giveUp = listenForGiveUp();
  return async ({ plan, error, ended = plainFailure }) => {
    const cancelled = isCancellation(error) || CancellationScope.current().consideredCancelled;
    progress.show({ phase: 'rolling back' });
    giveUp.begun = true;
    const outcome = await withoutEnd(progress, 'roll back', {
      act: (name) => undoing(name).rollBackOperation({ plan }),
      detail: (line) => line,
      abandoned: () => giveUp.reason,
    });
    giveUp.begun = false;
    if (outcome === null) return incomplete(plan, cancelled ? 'cancelled' : reason(error));
    if (outcome.startsWith(RESTORED_DATA_STAYS))
      return stays(plan, cancelled ? 'cancelled' : reason(error), outcome);
    progress.show({ phase: 'rolled back' });
    return cancelled ? new CancelledFailure('cancelled') : ended(error, outcome);
  };
};

/** A restore that had begun says what it came to. */
export const rolledBack = (error: unknown, outcome: string): unknown =>
  runFailure(new Failure('ROLLED_BACK', `rolled back: ${reason(error)}; ${outcome}`, detailsOf(error)));

/** `reason` is empty until somebody gives up. */
export const listenForGiveUp = (): { begun: boolean; reason: string } => {
  const state = { begun: false, reason: '' };
  setHandler(
    defineUpdate<string, [GiveUp | undefined]>(giveUpUpdate),
    (who) => {
      state.reason = `given up by ${typeof who?.by === 'string' ? who.by : 'an operator'}`;
      return 'the roll-back ends; what is left must be put right by hand, or with the workflow settle';
    },
    {
      description: 'Ends a roll-back that cannot succeed: {"by": "YOUR NAME"}',
      validator: (_who) => {
        if (!state.begun)
          throw refusal('INPUT_INVALID', 'nothing is being rolled back: cancel the run instead');
      },
    },
  );
  return state;
};

const incomplete = (plan: OperationKey, why: string): unknown =>
  runFailure(
    new Failure(
      'ROLL_BACK_INCOMPLETE',
      `roll-back incomplete: ${why}; the operation record of ${plan.deployment} says what is left`,
      {
        hint: `mend what stands in the way, then start the workflow settle with {"deployment": "${plan.deployment}"}; the agent tries it every minute too`,
      },
    ),
  );

/** Restored in place without a safety backup: there is nothing to go back to, and the operation is over. */
const stays = ({ deployment }: OperationKey, why: string, outcome: string): unknown =>
  runFailure(
    new Failure('ROLL_BACK_INCOMPLETE', `roll-back incomplete: ${why}; ${outcome}`, {
      hint: `look at what is there; another backup can take its place: holdfast list ${deployment}, then holdfast restore ${deployment} BACKUP --in-place`,
    }),
  );
