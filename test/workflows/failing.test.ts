import {
  ActivityFailure,
  ApplicationFailure,
  CancelledFailure,
  RetryState,
  TimeoutFailure,
} from '@temporalio/common';
import { expect, test } from 'vitest';
import { plainFailure, reason } from '../../src/workflows/failing.js';

const stepFailed = (cause: Error): ActivityFailure =>
  new ActivityFailure('Activity task failed', 'dumpDatabases', '1', RetryState.TIMEOUT, 'agent', cause);

const diskIsFull = ApplicationFailure.create({ type: 'DISK_FULL', message: 'no space left' });
const stopped = ApplicationFailure.create({ type: 'WorkerShutdown', message: 'shut down' });

const timeout = (type: TimeoutFailure['timeoutType'], cause?: Error): TimeoutFailure => {
  const failure = new TimeoutFailure('timed out', undefined, type);
  if (cause !== undefined) Object.assign(failure, { cause });
  return failure;
};

test('a step’s own failure is the run’s', () => {
  expect(plainFailure(stepFailed(diskIsFull))).toBe(diskIsFull);
  expect(reason(stepFailed(diskIsFull))).toBe('no space left');
});

test('a cancellation stays one', () => {
  const cancelled = stepFailed(new CancelledFailure('cancelled'));
  expect(plainFailure(cancelled)).toBe(cancelled);
  expect(reason(cancelled)).toBe('cancelled');
});

test.each([
  [timeout('HEARTBEAT'), 'NO_AGENT', 'the agent fell silent during this step'],
  [timeout('SCHEDULE_TO_START'), 'NO_AGENT', 'no agent ended the step in time'],
  [timeout('SCHEDULE_TO_CLOSE'), 'NO_AGENT', 'no agent ended the step in time'],
  [timeout('SCHEDULE_TO_CLOSE', stopped), 'NO_AGENT', 'no agent ended the step in time'],
  [timeout('START_TO_CLOSE'), 'STALLED', 'the step took longer than it may'],
  [timeout('SCHEDULE_TO_CLOSE', diskIsFull), 'DISK_FULL', 'no space left'],
  [stopped, 'NO_AGENT', 'the agent was stopped during this step'],
])(
  'a step that ended with %s ends the run with a code and a sentence of its own: %s',
  (cause, code, message) => {
    expect(plainFailure(stepFailed(cause))).toMatchObject({ type: code, message });
  },
);
