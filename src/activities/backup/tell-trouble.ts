// An activity that failed and is tried again tells its workflow why, once: the run's details show it while it waits.
import type { Context } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { type StepTrouble, troubleSignal } from '../../domain/progress.js';

const TELL_WITHIN_MS = 5_000;

/** Never fails: the attempt's own failure is what counts. */
export const tellTrouble = async (context: Context, failure: ApplicationFailure): Promise<void> => {
  const { attempt, activityType, workflowExecution } = context.info;
  if (attempt > 1 || failure.nonRetryable === true || workflowExecution === undefined) return;
  const { workflowId, runId } = workflowExecution;
  const trouble: StepTrouble = { activity: activityType, message: failure.message };
  try {
    const { client } = context;
    await client.withDeadline(Date.now() + TELL_WITHIN_MS, () =>
      client.workflow.getHandle(workflowId, runId).signal(troubleSignal, trouble),
    );
  } catch {
    // The run may be over, and the server away: then nobody looks.
  }
};
