// The drill of a backup that was just made: a run of its own, which the backup waits for. The backup exists in any case.
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ApplicationFailure,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  ParentClosePolicy,
} from '@temporalio/workflow';
import type { BackupDrill, DrillResult } from '../domain/drills.js';
import { Failure } from '../domain/failure.js';
import { isFailureCode } from '../domain/failure-codes.js';
import type { BackupPlan } from '../domain/plans.js';
import { workflowId } from '../domain/queues.js';
import { duration } from './details.js';
import type { ShownProgress } from './progress.js';

/** Never fails: what it came to is part of the backup's result. A backup that is cancelled now cancels its drill. */
export const drillBackup = async (
  { deployment, backup }: BackupPlan,
  { addStep }: ShownProgress,
): Promise<BackupDrill> => {
  const id = workflowId(deployment, 'drill');
  const set = addStep('drill');
  set('running', id);
  try {
    const { recoveryMs, rawBytes }: DrillResult = await executeChild('drill', {
      workflowId: id,
      args: [{ deployment, backup }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      staticSummary: `drill of ${backup}`,
    });
    set('done', `restored and compared; recovery time ${duration(recoveryMs)}`);
    return { outcome: 'restored', recoveryMs, rawBytes };
  } catch (error) {
    const failed = whyNot(error, deployment, id);
    set('failed', failed.message);
    return failed;
  }
};

const whyNot = (
  error: unknown,
  deployment: string,
  id: string,
): Extract<BackupDrill, { outcome: 'failed' }> => {
  const { code, message, hint } = failureOf(error, deployment, id);
  return { outcome: 'failed', code, message, hint };
};

const failureOf = (error: unknown, deployment: string, id: string): Failure => {
  if (isCancellation(error)) return new Failure('CANCELLED', 'the drill was cancelled');
  if (error instanceof WorkflowExecutionAlreadyStartedError)
    return new Failure('BUSY', `a drill of ${deployment} is already running`, {
      hint: `holdfast watch ${id}`,
    });
  const cause = error instanceof ChildWorkflowFailure ? error.cause : error;
  if (!(cause instanceof ApplicationFailure))
    return new Failure('OPERATION_LOST', 'the drill did not come to its end');
  const details: unknown = cause.details?.[0];
  const hint: unknown = typeof details === 'object' && details !== null ? Reflect.get(details, 'hint') : null;
  const code = isFailureCode(cause.type) ? cause.type : 'UNEXPECTED';
  return new Failure(code, cause.message, typeof hint === 'string' && hint !== '' ? { hint } : {});
};
