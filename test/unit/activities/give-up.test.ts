import { expect, test } from 'vitest';
import { lookingActivity, operationActivity } from '../../../src/activities/attempt.js';
import { Failure } from '../../../src/domain/failure.js';
import { asActivity, beginBackup } from '../../support/backup-by-hand.js';
import { createFilesDeployment } from '../../support/files-deployment.js';

/** How a step of a run ends that gives up so many milliseconds from now. */
const stepOf = async (giveUpInMs: number, act: () => Promise<string>): Promise<string> => {
  const deployment = await createFilesDeployment();
  try {
    const giveUpAt = new Date(Date.now() + giveUpInMs).toISOString();
    const plan = await beginBackup(deployment.dependencies, 'edms', { giveUpAt });
    return await asActivity(operationActivity(deployment.dependencies, 'step', act), { plan });
  } finally {
    await deployment.remove();
  }
};

const stalled = async (): Promise<string> => {
  throw new Failure('STALLED', 'nothing moves');
};

test('while there is time a step that failed is tried again', async () => {
  await expect(stepOf(60_000, stalled)).rejects.toMatchObject({ type: 'STALLED', nonRetryable: false });
});

test('when it is time to give up, a failure is the last one', async () => {
  await expect(stepOf(-1, stalled)).rejects.toMatchObject({
    type: 'STALLED',
    message: 'nothing moves',
    nonRetryable: true,
  });
});

test('a step that works may end, however late it is', async () => {
  expect(await stepOf(-1, async () => 'done')).toBe('done');
});

test('a step that needs no operation gives up at the time that its input names', async () => {
  const deployment = await createFilesDeployment();
  const looked = (giveUpInMs: number): Promise<string> => {
    const giveUpAt = new Date(Date.now() + giveUpInMs).toISOString();
    return asActivity(lookingActivity(deployment.dependencies, stalled), { giveUpAt });
  };
  try {
    await expect(looked(60_000)).rejects.toMatchObject({ nonRetryable: false });
    await expect(looked(-1)).rejects.toMatchObject({ type: 'STALLED', nonRetryable: true });
  } finally {
    await deployment.remove();
  }
});
