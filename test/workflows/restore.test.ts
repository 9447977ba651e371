import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANCELLED, failureOf } from './ending.js';
import { BACKUP, failing, fakeActivities, until, untilCancelled } from './fake-activities.js';
import type { FakeDeployment } from './fake-deployment.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

/** Approved by its input. */
const restoreOf = (deployment: FakeDeployment, rest: Record<string, unknown> = {}) =>
  deployment.start('restore', { confirm: `${deployment.name}@${BACKUP}`, ...rest });

const stageFails = async (): Promise<never> => {
  throw failing('NOT_IDENTICAL', 'table public.documents has 9 rows, the backup 10', {
    hint: 'look',
    evidence: 'x',
  });
};

test.concurrent('a restore fetches, stages beside the live data, swaps and keeps what was there', async () => {
  const deployment = runs.deploy('in-order');
  const run = await restoreOf(deployment);
  expect(await run.handle.result()).toEqual({
    deployment: 'in-order',
    backup: BACKUP,
    outcome: 'restored',
    downtimeMs: 250,
    durationMs: expect.any(Number),
    databases: ['main'],
    trees: ['storage'],
    health: 'not checked',
    leftStopped: [],
    elsewhere: [],
    aside: [],
    unsigned: '',
    safety: '',
    previousUntil: '2026-01-14T08:00:00.000Z',
  });
  const calls = deployment.calls();
  expect(calls.slice(0, 3)).toEqual(['planRestore', 'beginRestore', 'fetchArtifacts']);
  expect(calls.slice(3, 5).sort()).toEqual(['stageDatabases', 'stageTrees']);
  expect(calls.slice(5)).toEqual(['swap', 'keepPrevious']);
});

test.concurrent('what did not come from the planned repository is said', async () => {
  const elsewhere = ['files.storage.tar.zst from offsite: it is damaged in local'];
  const fetchArtifacts = async () => ({ artifacts: 1, bytes: 5, elsewhere });
  const run = await restoreOf(runs.deploy('elsewhere', { fetchArtifacts }));
  expect(await run.handle.result()).toMatchObject({ elsewhere });
  expect((await run.progress()).steps.find(({ name }) => name === 'fetch')?.detail).toContain(elsewhere[0]);
});

test.concurrent('an undo neither fetches nor stages: what it puts back is there', async () => {
  const deployment = runs.deploy('undo');
  const run = await restoreOf(deployment, { backup: 'previous' });
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored' });
  expect(deployment.calls()).toEqual(['planRestore', 'beginRestore', 'swap', 'keepPrevious']);
});

test.concurrent('only what the plan names is staged', async () => {
  const planned = (part: { databases?: string[]; trees?: string[] }) => ({
    planRestore: async (input: Parameters<typeof fakeActivities.planRestore>[0]) => ({
      ...(await fakeActivities.planRestore(input)),
      ...part,
    }),
  });
  const files = runs.deploy('files-only', planned({ databases: [] }));
  await (await restoreOf(files)).handle.result();
  expect(files.calls()).toContain('stageTrees');
  expect(files.calls()).not.toContain('stageDatabases');
  const database = runs.deploy('database-only', planned({ trees: [] }));
  await (await restoreOf(database)).handle.result();
  expect(database.calls()).toContain('stageDatabases');
  expect(database.calls()).not.toContain('stageTrees');
});

test.concurrent.for(['fetchArtifacts', 'stageDatabases', 'stageTrees', 'swap'] as const)(
  'a restore that fails in %s is rolled back once, and says so with the cause’s own sentence and hint',
  async (step) => {
    const deployment = runs.deploy(`fails-in-${step.toLowerCase()}`, { [step]: stageFails });
    expect(await failureOf(await restoreOf(deployment))).toEqual({
      status: 'FAILED',
      code: 'ROLLED_BACK',
      message:
        'rolled back: table public.documents has 9 rows, the backup 10; what was there before is there again',
      details: [{ hint: 'look', evidence: 'x' }],
    });
    expect(deployment.calls().filter((name) => name === 'rollBackOperation').length).toBe(1);
    expect(deployment.calls().at(-1)).toBe('rollBackOperation');
  },
);

test.concurrent('staging of the files has ended when the databases’ failure is rolled back', async () => {
  const staging = gate();
  const deployment = runs.deploy('both-end', {
    stageDatabases: async () => {
      await until(staging.opened);
      return stageFails();
    },
    stageTrees: async () => {
      staging.open();
      return untilCancelled();
    },
  });
  expect(await failureOf(await restoreOf(deployment))).toMatchObject({ code: 'ROLLED_BACK' });
  expect(deployment.journal.slice(-3, -1)).toEqual(['stageTrees ends', 'rollBackOperation begins']);
});

test.concurrent('a restore that may not begin ends with its own failure: there was nothing to roll back yet', async () => {
  const deployment = runs.deploy('busy', {
    beginRestore: async () => {
      throw failing('PLAN_CHANGED', 'what was approved for busy is no longer what would be done');
    },
  });
  expect(await failureOf(await restoreOf(deployment))).toMatchObject({
    code: 'PLAN_CHANGED',
    message: 'what was approved for busy is no longer what would be done',
  });
  // It may have acted all the same.
  expect(deployment.calls().at(-1)).toBe('rollBackOperation');
});

test.concurrent('a restore that cannot be planned changes nothing and has nothing to undo', async () => {
  const deployment = runs.deploy('unplannable', {
    planRestore: async () => {
      throw failing('UNKNOWN_BACKUP', 'there is no backup');
    },
  });
  expect(await failureOf(await restoreOf(deployment))).toMatchObject({ code: 'UNKNOWN_BACKUP' });
  expect(deployment.calls()).toEqual(['planRestore']);
});

test.concurrent('a restore that is cancelled while it stages is rolled back, and ends as cancelled', async () => {
  const deployment = runs.deploy('cancelled', { stageDatabases: untilCancelled });
  const run = await restoreOf(deployment);
  await deployment.begun('stageDatabases');
  await run.handle.cancel();
  expect(await failureOf(run)).toEqual(CANCELLED);
  expect(deployment.calls().at(-1)).toBe('rollBackOperation');
  expect(deployment.calls()).not.toContain('swap');
});

test.concurrent('a restore that is cancelled during the swap is rolled back even if the swap succeeds', async () => {
  const deployment = runs.deploy('cancelled-in-swap', {
    swap: async () => {
      await untilCancelled().catch(() => undefined);
      return { closedAt: '2026-01-12T08:00:00.000Z', openAt: '2026-01-12T08:00:00.250Z' };
    },
  });
  const run = await restoreOf(deployment);
  await deployment.begun('swap');
  await run.handle.cancel();
  expect(await failureOf(run)).toEqual(CANCELLED);
  expect(deployment.calls().slice(-2)).toEqual(['swap', 'rollBackOperation']);
});

test.concurrent('after the swap a restore is done: neither a cancellation nor a failure turns it back', async () => {
  const mayEnd = gate();
  let tries = 0;
  const deployment = runs.deploy('cancelled-late', {
    keepPrevious: async () => {
      tries += 1;
      if (tries > 1) return '';
      await until(mayEnd.opened);
      throw failing('DISK_FULL', 'no space left on the disk');
    },
  });
  const run = await restoreOf(deployment);
  await deployment.begun('keepPrevious');
  await run.handle.cancel();
  mayEnd.open();
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored', previousUntil: '' });
  expect(deployment.calls().slice(-3)).toEqual(['swap', 'keepPrevious', 'keepPrevious']);
});

test.concurrent('a settle says what it found', async () => {
  const deployment = runs.deploy('settled');
  const run = await deployment.start('settle');
  expect(await run.handle.result()).toEqual({ deployment: 'settled', outcome: 'there is nothing to settle' });
});
