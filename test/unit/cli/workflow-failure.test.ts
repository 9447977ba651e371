import { WorkflowFailedError } from '@temporalio/client';
import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TerminatedFailure,
  TimeoutFailure,
  WorkflowNotFoundError,
} from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { runFailure } from '../../../src/cli/workflow-failure.js';
import { exitCodeOf } from '../../../src/domain/failure.js';

const failedBecauseOf = (cause: Error) =>
  runFailure(new WorkflowFailedError('Workflow execution failed', cause, RetryState.TIMEOUT));

const inActivity = (cause: Error) =>
  new ActivityFailure('Activity task failed', 'dumpDatabases', '1', RetryState.TIMEOUT, undefined, cause);

describe('the failure of a run', () => {
  it('is the one the agent meant, with hint and evidence, however deep it lies', () => {
    const meant = ApplicationFailure.nonRetryable('the disk is full', 'DISK_FULL', {
      hint: 'free 2 GB',
      evidence: 'tar: write error',
    });
    const failure = failedBecauseOf(inActivity(meant));
    expect(failure).toMatchObject({
      code: 'DISK_FULL',
      message: 'the disk is full',
      hint: 'free 2 GB',
      evidence: 'tar: write error',
    });
  });

  it('keeps the code’s own hint when none came along', () => {
    const failure = failedBecauseOf(ApplicationFailure.nonRetryable('x', 'BUSY'));
    expect(failure.hint).toBe('wait for it to end: holdfast watch');
  });

  it('is unexpected when its type is no code of ours', () => {
    expect(failedBecauseOf(ApplicationFailure.nonRetryable('boom', 'TypeError'))).toMatchObject({
      code: 'UNEXPECTED',
      message: 'boom',
    });
  });

  it('of a cancelled run exits with 130', () => {
    const failure = failedBecauseOf(new CancelledFailure('Workflow canceled'));
    expect([failure.code, exitCodeOf(failure)]).toEqual(['CANCELLED', 130]);
  });

  it('of a terminated run says that the agent puts things right', () => {
    const failure = failedBecauseOf(new TerminatedFailure('by an operator'));
    expect(failure.message).toBe('the run was terminated: by an operator');
    expect(failure.hint).toContain('within a minute');
  });

  it.each([
    ['SCHEDULE_TO_START', 'NO_AGENT'],
    ['HEARTBEAT', 'NO_AGENT'],
    ['START_TO_CLOSE', 'STALLED'],
  ] as const)('after a %s timeout is %s', (type, code) => {
    expect(failedBecauseOf(inActivity(new TimeoutFailure('timeout', undefined, type))).code).toBe(code);
  });

  it('names the run that Temporal does not know', () => {
    const failure = runFailure(new WorkflowNotFoundError('not found', 'holdfast.edms.backup', undefined));
    expect(failure.message).toBe('Temporal knows no run holdfast.edms.backup');
  });
});
