// What a run knows of itself, and how it fails: with one plain failure, not with a chain.
import { workflowInfo } from '@temporalio/workflow';
import type { RunIdentity } from '../domain/plans.js';
import { rootFailure } from './progress.js';

export const thisRun = (): RunIdentity => {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  return { workflowId, firstRunId: firstExecutionRunId };
};

export const failingPlainly = async <T>(act: () => Promise<T>): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    throw rootFailure(error);
  }
};
