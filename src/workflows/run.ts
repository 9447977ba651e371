// What a run knows of itself.
import { workflowInfo } from '@temporalio/workflow';
import type { RunIdentity } from '../domain/plans.js';

export const thisRun = (): RunIdentity => {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  return { workflowId, firstRunId: firstExecutionRunId };
};

/** Milliseconds since the run was started. */
export const runningForMs = (): number => Date.now() - workflowInfo().startTime.getTime();
