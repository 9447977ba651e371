// The very end of a backup: retention is a short run of its own, which it does not wait for.
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow';
import type { BackupPlan } from '../domain/plans.js';
import { workflowId } from '../domain/queues.js';
import { reason } from './failing.js';
import type { ShownProgress } from './progress.js';

/** Never fails: the next backup's run removes what this one would have. */
export const startPrune = ({ deployment }: BackupPlan, { addStep }: ShownProgress): Promise<void> =>
  CancellationScope.nonCancellable(async () => {
    const id = workflowId(deployment, 'prune');
    const set = addStep('retention');
    try {
      await startChild('prune', {
        workflowId: id,
        args: [{ deployment }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        cancellationType: ChildWorkflowCancellationType.ABANDON,
        staticSummary: `retention of ${deployment}`,
      });
      set('done', id);
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) set('done', `${id} runs already`);
      else set('failed', `the next backup starts it: ${reason(error)}`);
    }
  });
