import { ServiceError } from '@temporalio/client';
import { expect, it, vi } from 'vitest';
import { sendApproval } from '../../../src/cli/approval.js';
import type { Run } from '../../../src/cli/session.js';
import type { Progress } from '../../../src/domain/progress.js';
import { tellRun } from '../../../src/temporal/tell-run.js';

// Seven pauses are six seconds.
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

/** As the client throws it: gRPC's FAILED_PRECONDITION, or another status. */
const refused = (code: number): ServiceError =>
  new ServiceError('Workflow Update failed', {
    cause: Object.assign(new Error('not now'), { code, details: 'not now', metadata: {} }),
  });

/** A run that answers so, one after the other, and the last one from then on. */
const runThat = (...answers: (ServiceError | string)[]) => {
  const ids: unknown[] = [];
  const executeUpdate = async (_update: unknown, options: { updateId?: string }): Promise<string> => {
    const answer = answers[Math.min(ids.length, answers.length - 1)];
    ids.push(options.updateId);
    if (answer instanceof Error) throw answer;
    return answer ?? '';
  };
  return { ids, handle: { workflowId: 'holdfast.edms.restore', executeUpdate: executeUpdate as never } };
};

it('an update that the server dropped is sent again, under the same id', async () => {
  const run = runThat(refused(9), refused(9), 'approved');
  expect(await tellRun(run.handle, 'approve', {})).toBe('approved');
  expect(run.ids).toHaveLength(3);
  expect(new Set(run.ids).size).toBe(1);
});

it('anything else is thrown as it came, and not sent again', async () => {
  const unavailable = refused(14);
  const run = runThat(unavailable);
  await expect(tellRun(run.handle, 'approve', {})).rejects.toBe(unavailable);
  expect(run.ids).toHaveLength(1);
});

it('a run whose tasks fail again and again is said to be one, also to whom it is approved by', async () => {
  const run = runThat(refused(9));
  const sent = sendApproval(run as unknown as Run, { confirm: 'edms' } as Progress, 'edms');
  await expect(sent).rejects.toMatchObject({
    code: 'UNEXPECTED',
    message: 'holdfast.edms.restore cannot be told anything: its workflow tasks fail',
    hint: expect.stringMatching(/^its history/),
  });
  expect(run.ids).toHaveLength(8);
});
