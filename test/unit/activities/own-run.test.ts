// Temporal's Reset offers to run a finished restore again: its approval and its ids were for once.
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { requireOwnRun } from '../../../src/activities/own-run.js';
import { asActivity } from '../../support/backup-by-hand.js';

const inRun = (firstRunId: string) =>
  asActivity(async () => requireOwnRun({ run: { workflowId: 'by-hand', firstRunId } }), {});

test('a step of the run that was planned goes ahead', async () => {
  await expect(inRun('by-hand')).resolves.toBeUndefined();
});

test('a step of a run that Reset made from it is refused', async () => {
  const refused = await inRun('the-first-run').catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'OPERATION_LOST', retryable: false });
  expect(refused).not.toBeInstanceOf(ApplicationFailure);
});
