import { type Client, ServiceError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { runEndOf } from '../../../src/temporal/run-state.js';

const home = { temporal: 'a', namespace: 'b' };
const holder = { ...home, workflowId: 'holdfast.edms.backup', firstRunId: 'run' };

/** What Temporal says of a run that is over. */
const endOf = (status: string, result: () => Promise<unknown>) => {
  const described = { status: { name: status }, raw: { workflowExecutionInfo: { firstRunId: 'run' } } };
  const getHandle = () => ({ describe: async () => described, result });
  return runEndOf({ workflow: { getHandle } } as unknown as Client, home)(holder);
};

const refused = (error: Error) => () => Promise.reject(error);

test('how a run ended is what Temporal says of it', async () => {
  const why = ApplicationFailure.create({ message: 'the disk is full' });
  const failed = new WorkflowFailedError('Workflow execution failed', why, 'NON_RETRYABLE_FAILURE');
  expect(await endOf('FAILED', refused(failed))).toEqual(bad('the disk is full'));
  expect(await endOf('TERMINATED', refused(failed))).toEqual(bad('it was terminated'));
  expect(await endOf('COMPLETED', refused(new WorkflowNotFoundError('gone', 'id', 'run')))).toEqual(
    bad('it ended without having said how'),
  );
  expect(await endOf('COMPLETED', async () => ({}))).toEqual({ state: 'closed', well: true, cause: '' });
});

test('a Temporal that goes away while it is asked says nothing of the run', async () => {
  expect(await endOf('COMPLETED', refused(new ServiceError('unavailable')))).toEqual({ state: 'unknown' });
});

test('a run of another Temporal is told apart from one that cannot be asked about now', async () => {
  const client = {} as unknown as Client;
  for (const other of [{ temporal: 'c' }, { namespace: 'd' }])
    expect(await runEndOf(client, home)({ ...holder, ...other })).toEqual({ state: 'elsewhere' });
});

const bad = (cause: string) => ({ state: 'closed', well: false, cause });
