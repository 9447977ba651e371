// The way back of an operation: shielded from cancellation, tried without end, until somebody gives up.
import { CancellationScope, condition, defineUpdate, isCancellation, setHandler } from '@temporalio/workflow';
import { Failure } from '../domain/failure.js';
import type { OperationKey } from '../domain/plans.js';
import { undoing } from './activities.js';
import { runFailure } from './input.js';
import { reason, rootFailure, type ShownProgress } from './progress.js';

/** Ends the wait for a roll-back that cannot succeed; whatever is left is named. */
const giveUp = defineUpdate<string, [{ by?: string }?]>('giveUp');

/** Undoes the operation from its record and gives the error to end the run with. */
export const rolledBack = async (
  { step, show }: ShownProgress,
  { plan, error, what }: { plan: OperationKey; error: unknown; what: 'backup' | 'restore' },
): Promise<unknown> => {
  // A cancelled run must still undo: that is what cancelling means.
  const outcome = await CancellationScope.nonCancellable(async () => {
    show({ phase: 'rolling back' });
    let abandoned = '';
    setHandler(
      giveUp,
      (who) => {
        abandoned = `given up by ${who?.by ?? 'an operator'}`;
        return 'the roll-back ends; what is left must be put right by hand, or with the workflow settle';
      },
      { description: 'Ends a roll-back that cannot succeed' },
    );
    return step(
      'roll back',
      (name) =>
        Promise.race([
          undoing(name).rollBackOperation({ plan }),
          condition(() => abandoned !== '').then(() => null),
        ]),
      (done) => done ?? abandoned,
    );
  });
  if (outcome === null) return incomplete(plan, error);
  if (isCancellation(error) || what === 'backup') return rootFailure(error);
  return runFailure(new Failure('ROLLED_BACK', `rolled back: ${reason(error)}; ${outcome}`, hintOf(error)));
};

const incomplete = (plan: OperationKey, error: unknown) =>
  runFailure(
    new Failure(
      'ROLL_BACK_INCOMPLETE',
      `roll-back incomplete: ${reason(error)}; the operation record of ${plan.deployment} says what is left`,
      {
        hint: `mend what stands in the way, then start the workflow settle with {"deployment": "${plan.deployment}"}; the agent tries it every minute too`,
      },
    ),
  );

const hintOf = (error: unknown): { hint?: string; evidence?: string } => {
  const root = rootFailure(error);
  const details: unknown = typeof root === 'object' && root !== null ? Reflect.get(root, 'details') : null;
  const [first] = Array.isArray(details) ? details : [];
  return typeof first === 'object' && first !== null ? first : {};
};
