// An activity that failed and is tried again tells its workflow why, once: the run's details show it while it waits.

import type { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { type StepTrouble, troubleSignal } from '../domain/progress.js';

/** Never fails: the attempt's own failure is what counts. */
export const tellTrouble = async ({ info, client }: Context, failure: ApplicationFailure): Promise<void> => {
  if (info.attempt > 1 || failure.nonRetryable === true || info.workflowExecution === undefined) return;
  const { workflowId, runId } = info.workflowExecution;
  const trouble: StepTrouble = { activity: info.activityType, message: failure.message };
  await client.workflow
    .getHandle(workflowId, runId)
    .signal(troubleSignal, trouble)
    .catch(() => undefined);
};
