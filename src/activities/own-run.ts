// Temporal's Reset makes a closed run again from an earlier point, with the ids and the approval of the first one. What
// those named has been done, kept or dropped since, so such a run takes no step forward.
import { Context } from '@temporalio/activity';
import { Failure } from '../domain/failure.js';
import type { RunIdentity } from '../domain/plans.js';

export const requireOwnRun = ({ run }: { run: RunIdentity }): void => {
  if (Context.current().info.workflowExecution?.runId === run.firstRunId) return;
  throw new Failure(
    'OPERATION_LOST',
    'this run was made again by Reset: what its plan names is no longer there',
    {
      hint: 'start a new one instead of resetting; cancel a run to undo what it has begun',
    },
  );
};
