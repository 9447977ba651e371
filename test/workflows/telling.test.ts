// What runs tell of themselves, whatever becomes of them.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Happening } from '../../src/domain/events.js';
import { type Activities, BACKUP, failing, untilCancelled } from './fake-activities.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns([], { telling: true });
});
afterAll(() => runs.stop());

/** A deployment that keeps what it is told. */
const listening = (name: string, changed: Partial<Activities> = {}) => {
  const told: Happening[] = [];
  const deployment = runs.deploy(name, {
    tell: async ({ happening }) => {
      told.push(happening);
    },
    ...changed,
  });
  return { deployment, told, kinds: () => told.map(({ what, kind }) => `${what} ${kind}`) };
};

test.concurrent('a backup tells that it began and that it succeeded, under ids of its own', async () => {
  const { deployment, told } = listening('well');
  const run = await deployment.start('backup', { tier: 'daily' });
  await run.handle.result();
  const { runId } = await run.handle.describe();
  const own = told.filter(({ what }) => what === 'backup');
  expect(own).toEqual([
    {
      ...{ id: `start-${runId}`, kind: 'started', deployment: 'well', what: 'backup', tier: 'daily' },
      ...{ run: { workflowId: run.handle.workflowId, runId }, at: expect.any(String) },
      ...{ cause: '', hint: '', log: '' },
    },
    expect.objectContaining({ id: `end-${runId}`, kind: 'succeeded', cause: '' }),
  ]);
});

test.concurrent('one that fails in its very first step tells why, what to do, and how far it came', async () => {
  const { deployment, told } = listening('first-step', {
    planBackup: async () => {
      throw failing('UNKNOWN_DEPLOYMENT', 'holdfast.yaml has no deployment first-step', {
        hint: 'name another',
        evidence: 'line 1\nline 2',
      });
    },
  });
  const run = await deployment.start('backup');
  await expect(run.handle.result()).rejects.toThrow();
  expect(told.at(-1)).toMatchObject({
    ...{ kind: 'failed', deployment: 'first-step', tier: 'manual' },
    ...{ cause: 'holdfast.yaml has no deployment first-step', hint: 'name another' },
    log: '✗ plan: holdfast.yaml has no deployment first-step\nline 1\nline 2',
  });
});

test.concurrent('who is refused because the deployment is busy says so, and what a schedule started has failed', async () => {
  const changed: Partial<Activities> = {
    expectRun: async () => ({
      ...{ giveUpAt: new Date().toISOString(), lateAt: '2100-01-01T00:00:00.000Z', usualMs: null },
    }),
    beginBackup: async () => {
      throw failing('BUSY', 'a restore of edms is in progress');
    },
  };
  const [byHand, timed] = [listening('refused-by-hand', changed), listening('refused-timed', changed)];
  const runs = [
    await byHand.deployment.start('backup'),
    await timed.deployment.trigger('backup', { tier: 'daily' }),
  ];
  for (const run of runs) await expect(run.handle.result()).rejects.toThrow();
  expect(byHand.told.at(-1)).toMatchObject({ kind: 'failed', refused: true });
  expect(timed.told.at(-1)).toMatchObject({ kind: 'failed', cause: 'a restore of edms is in progress' });
  expect(timed.told.at(-1)).not.toHaveProperty('refused');
});

test.concurrent('an input that nobody understands is told of, with the deployment that it names', async () => {
  const { deployment, told } = listening('bad-input');
  const run = await deployment.start('backup', { tier: 5 });
  await expect(run.handle.result()).rejects.toThrow();
  expect(told.map(({ kind }) => kind)).toEqual(['started', 'failed']);
  expect(told[1]).toMatchObject({ deployment: 'bad-input', cause: expect.stringContaining('tier') });
});

test.concurrent('one that is cancelled says so', async () => {
  const archiving = gate();
  const { deployment, told } = listening('cancelled', {
    dumpDatabases: async () => {
      archiving.open();
      return untilCancelled();
    },
  });
  const run = await deployment.start('backup');
  await archiving.opened;
  await run.handle.cancel();
  await expect(run.handle.result()).rejects.toThrow();
  expect(told.at(-1)).toMatchObject({ kind: 'failed', cause: 'cancelled' });
});

test.concurrent('a restore that waits tells so, and that it was not approved is its end and no failure', async () => {
  const waits = listening('waits', {});
  const run = await waits.deployment.start('restore');
  await run.update('approve', { confirm: `waits@${BACKUP}` }).catch(() => undefined);
  await vi.waitFor(() => expect(waits.kinds()).toContain('restore restore-waiting'), { timeout: 60_000 });
  await run.update('approve', { confirm: `waits@${BACKUP}` }).catch(() => undefined);
  await run.handle.result();
  expect(waits.kinds()).toEqual(['restore started', 'restore restore-waiting', 'restore restore-ended']);
  const refused = listening('refused');
  const wrong = await refused.deployment.start('restore', { confirm: 'another@thing' });
  await expect(wrong.handle.result()).rejects.toThrow();
  expect(refused.told.at(-1)).toMatchObject({
    kind: 'restore-ended',
    cause: expect.stringContaining('another@thing'),
  });
});

test.concurrent('a restore that is cancelled while it still tells that it waits takes no approval', async () => {
  const [telling, cancelled] = [gate(), gate()];
  const { deployment } = listening('too-late', {
    tell: async ({ happening }) => {
      if (happening.kind !== 'restore-waiting') return;
      telling.open();
      await cancelled.opened;
    },
  });
  const run = await deployment.start('restore');
  await telling.opened;
  await run.handle.cancel();
  const answer = await vi
    .waitFor(async () => expect((await run.progress()).confirm).toBe(''), { timeout: 60_000 })
    .then(() => run.update('approve', { confirm: `too-late@${BACKUP}` }))
    .catch((error: unknown) => error);
  cancelled.open();
  expect(answer).toMatchObject({
    cause: { type: 'NOT_APPROVED', message: 'nothing waits for approval at this moment' },
  });
  await expect(run.handle.result()).rejects.toThrow();
});

test.concurrent('what is found by a run that has not failed is told as trouble, too', async () => {
  const { deployment, told, kinds } = listening('found', {
    verifyBackup: async () => ({ bytes: 1, problems: ['files.storage.tar.zst is missing'], repaired: 0 }),
    copyBackup: async () => {
      throw failing('REPOSITORY_CREDENTIALS', 'the bucket refused');
    },
  });
  await (await deployment.start('verify')).handle.result();
  await (await deployment.start('copy')).handle.result();
  expect(kinds()).toEqual(['verify started', 'verify failed', 'copy started', 'copy failed']);
  expect(told[1]?.cause).toContain('files.storage.tar.zst is missing');
  expect(told[3]?.cause).toContain('offsite: the bucket refused');
});

test.concurrent('a dry run tells nothing', async () => {
  const { deployment, told } = listening('dry');
  await (await deployment.start('prune', { dryRun: true })).handle.result();
  expect(told).toEqual([]);
});

test.concurrent('an agent that cannot tell makes no run fail', async () => {
  const { deployment } = listening('deaf', {
    tell: async () => {
      throw failing('UNEXPECTED', 'no', { retryable: false });
    },
  });
  const run = await deployment.start('backup');
  expect(await run.handle.result()).toMatchObject({ backup: BACKUP });
});
