// A restore and a backup that is at work: the real record and the real step that cancels, between two real runs.
import { Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { toApplicationFailure } from '../../src/activities/application-failure.js';
import { makeWay } from '../../src/activities/restore/make-way.js';
import { runEffect } from '../../src/domain/effect.js';
import { readRecord, releaseOperation, takeOperation } from '../../src/operations/record.js';
import { createFilesDeployment, type FilesDeployment } from '../support/files-deployment.js';
import { sampleRecord } from '../unit/operations/sample-record.js';
import { BACKUP, fakeActivities, untilCancelled } from './fake-activities.js';
import type { FakeDeployment } from './fake-deployment.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
let host: FilesDeployment;
beforeAll(async () => {
  runs = await startRuns();
  host = await createFilesDeployment();
});
afterAll(async () => {
  await runs.stop();
  await host.remove();
});

/** Its backups never end by themselves; the operation is the real one. */
const deploy = (name: string): FakeDeployment => {
  const { state, temporal } = host.dependencies;
  const take = async (id: string, more: object = {}): Promise<void> => {
    const { workflowId = '', runId = '' } = Context.current().info.workflowExecution ?? {};
    const holder = { ...temporal, workflowId, firstRunId: runId };
    const record = sampleRecord(host.folder, { deployment: name, id, holder, ...more });
    await takeOperation(state, record, runEffect).catch((error: unknown) => {
      throw toApplicationFailure(error);
    });
  };
  return runs.deploy(name, {
    planBackup: async (input) => ({
      ...(await fakeActivities.planBackup(input)),
      ...(typeof input.scheduledFor === 'string' ? { scheduledFor: input.scheduledFor } : {}),
    }),
    beginBackup: async ({ scheduledFor }) => {
      await take('0123456789', scheduledFor === undefined ? {} : { scheduledFor });
    },
    dumpDatabases: untilCancelled,
    beginRestore: () => take('abcdef0123', { kind: 'restore' }),
    makeWay: makeWay(host.dependencies),
    rollBackOperation: async () => {
      const own = (await readRecord(state, name))?.holder?.firstRunId;
      if (own === Context.current().info.workflowExecution?.runId)
        await releaseOperation(state, name, runEffect);
      return 'what it had stored is removed';
    },
  });
};

const confirm = (deployment: string) => ({ confirm: `${deployment}@${BACKUP}` });

test('a restore cancels a scheduled backup that is at work, waits for its clean-up, and both say so', async () => {
  const deployment = deploy('urgent');
  const backup = await deployment.trigger('backup', { tier: 'daily' });
  await deployment.begun('dumpDatabases');
  const restore = await deployment.start('restore', confirm('urgent'));
  expect(await restore.handle.result()).toMatchObject({ outcome: 'restored' });
  expect((await restore.progress()).steps).toContainEqual({
    ...{ name: 'make way', state: 'done' },
    detail: `the scheduled backup ${BACKUP} is cancelled and has cleaned up`,
  });
  const ended: unknown = await backup.handle.result().catch((error: unknown) => error);
  expect(ended instanceof WorkflowFailedError && ended.cause).toBeInstanceOf(CancelledFailure);
  expect((await backup.progress()).steps).toContainEqual({
    ...{ name: 'make way', state: 'done' },
    detail: 'cancelled for holdfast.urgent.restore; the schedule’s next moment makes the next backup',
  });
  const { journal } = deployment;
  expect(journal.indexOf('rollBackOperation ends')).toBeLessThan(journal.lastIndexOf('beginRestore begins'));
});

test('a backup that somebody started is named, and goes on', async () => {
  const deployment = deploy('by-hand');
  const backup = await deployment.start('backup', { tier: 'daily' });
  await deployment.begun('dumpDatabases');
  const restore = await deployment.start('restore', confirm('by-hand'));
  await expect(restore.handle.result()).rejects.toMatchObject({
    cause: {
      type: 'BUSY',
      message: 'a backup of by-hand is in progress (holdfast.by-hand.backup)',
      details: [{ hint: 'wait for it: holdfast watch holdfast.by-hand.backup' }],
    },
  });
  await vi.waitFor(async () => expect((await backup.progress()).phase).toBe('working'), {
    timeout: 60_000,
    interval: 50,
  });
  expect((await backup.handle.describe()).status.name).toBe('RUNNING');
  await backup.handle.cancel();
  await expect(backup.handle.result()).rejects.toThrow();
});
