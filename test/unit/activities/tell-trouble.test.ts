import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import { lookingActivity } from '../../../src/activities/attempt.js';
import { Failure } from '../../../src/domain/failure.js';
import type { FailureCode } from '../../../src/domain/failure-codes.js';
import { createFilesDeployment } from '../../support/files-deployment.js';

interface Told {
  run: string;
  signal: string;
  trouble: unknown;
}

/** What the workflow is told when this attempt fails. */
const toldBy = async (code: FailureCode, attempt: number, refused = false): Promise<Told[]> => {
  const deployment = await createFilesDeployment();
  const told: Told[] = [];
  const signal = async (run: string, name: string, trouble: unknown) => {
    if (refused) throw new Error('the run is closed');
    told.push({ run, signal: name, trouble });
  };
  const client = {
    withDeadline: (_: number, act: () => Promise<unknown>) => act(),
    withAbortSignal: (_: AbortSignal, act: () => Promise<unknown>) => act(),
    workflow: {
      getHandle: (workflowId: string, runId: string) => ({
        signal: (name: string, trouble: unknown) => signal(`${workflowId}/${runId}`, name, trouble),
      }),
    },
  };
  const failing = lookingActivity(deployment.dependencies, async () => {
    throw new Failure(code, 'it did not work');
  });
  const info = { workflowExecution: { workflowId: 'w', runId: 'r' }, activityType: 'planBackup', attempt };
  try {
    const environment = new MockActivityEnvironment(info, { client: client as never });
    await expect(environment.run(failing, {})).rejects.toMatchObject({
      type: code,
      message: 'it did not work',
    });
  } finally {
    await deployment.remove();
  }
  return told;
};

test('the first attempt that fails and is tried again tells its workflow why', async () => {
  expect(await toldBy('DATABASE_UNREACHABLE', 1)).toEqual([
    { run: 'w/r', signal: 'stepTrouble', trouble: { activity: 'planBackup', message: 'it did not work' } },
  ]);
});

test('later attempts, and one that is not tried again, tell nothing', async () => {
  expect(await toldBy('DATABASE_UNREACHABLE', 2)).toEqual([]);
  expect(await toldBy('DISK_FULL', 1)).toEqual([]);
});

test('that nobody can be told changes nothing about the failure', async () => {
  expect(await toldBy('DATABASE_UNREACHABLE', 1, true)).toEqual([]);
});
