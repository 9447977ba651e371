// The end of a backup: its copies are made by a run of their own, which it does not wait for. One that runs already is told.
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowCancellationType,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  startChild,
} from '@temporalio/workflow';
import { type BackupCopy, copyAgainSignal } from '../domain/copies.js';
import type { BackupPlan } from '../domain/plans.js';
import { workflowId } from '../domain/queues.js';
import { reason } from './failing.js';
import type { ShownProgress } from './progress.js';

/** Never fails: the backup exists, and the next one's copies include its own. */
export const startCopies = (
  { deployment, copies = [] }: BackupPlan,
  { addStep }: ShownProgress,
): Promise<BackupCopy[]> =>
  CancellationScope.nonCancellable(async () => {
    if (copies.length === 0) return [];
    const set = addStep('copies');
    try {
      await startOrTell(deployment);
      set('done', `being made in ${copies.join(', ')}: ${workflowId(deployment, 'copy')}`);
      return copies.map((repository) => ({ repository, state: 'being copied' as const }));
    } catch (error) {
      set('failed', `the next backup starts them: ${reason(error)}`);
      return copies.map((repository) => ({ repository, state: 'missing' as const }));
    }
  });

/** The run that was there may end between the two. */
const ATTEMPTS = 3;

const startOrTell = async (deployment: string): Promise<void> => {
  const id = workflowId(deployment, 'copy');
  for (let attempt = 1; ; attempt++) {
    try {
      await startChild('copy', {
        workflowId: id,
        args: [{ deployment }],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        cancellationType: ChildWorkflowCancellationType.ABANDON,
        staticSummary: `copies of ${deployment}`,
      });
      return;
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    }
    try {
      await getExternalWorkflowHandle(id).signal(copyAgainSignal);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
};
