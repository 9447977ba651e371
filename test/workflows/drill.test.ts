import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANCELLED, failureOf } from './ending.js';
import { BACKUP, failing, until, untilCancelled } from './fake-activities.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const differs = async (): Promise<never> => {
  throw failing('NOT_IDENTICAL', 'rows of public.documents: not the same', { hint: 'look', evidence: 'x' });
};

test.concurrent('a drill fetches, restores beside everything, proves, and clears in any case', async () => {
  const deployment = runs.deploy('in-order');
  const run = await deployment.start('drill');
  expect(await run.handle.result()).toEqual({
    deployment: 'in-order',
    backup: BACKUP,
    outcome: 'restored',
    repository: 'local',
    databases: ['main'],
    trees: ['storage'],
    tables: 7,
    rows: 1234,
    objects: 40,
    files: 56,
    assertions: 1,
    rawBytes: 8_000_000,
    recoveryMs: expect.any(Number),
    durationMs: expect.any(Number),
    opened: '',
    notes: [],
    elsewhere: [],
  });
  const calls = deployment.calls();
  expect(calls.slice(0, 3)).toEqual(['planDrill', 'beginDrill', 'fetchArtifacts']);
  expect(calls.slice(3, 5).sort()).toEqual(['stageDatabases', 'stageTrees']);
  expect(calls.slice(5)).toEqual(['proveDrill', 'clearDrill']);
  const [{ outcome } = { outcome: null }] = deployment.inputs('clearDrill');
  expect(outcome).toMatchObject({
    outcome: 'restored',
    facts: { tables: 7, rows: 1234, files: 56, assertions: 1, opened: 'not encrypted' },
  });
  expect((await run.progress()).phase).toBe('done');
});

test.concurrent.for(['beginDrill', 'fetchArtifacts', 'stageDatabases', 'stageTrees', 'proveDrill'] as const)(
  'a drill that fails in %s is cleared once, and fails as that step did',
  async (step) => {
    const deployment = runs.deploy(`fails-in-${step.toLowerCase()}`, { [step]: differs });
    expect(await failureOf(await deployment.start('drill'))).toEqual({
      status: 'FAILED',
      code: 'NOT_IDENTICAL',
      message: 'rows of public.documents: not the same',
      details: [{ hint: 'look', evidence: 'x' }],
    });
    expect(deployment.calls().filter((name) => name === 'clearDrill')).toHaveLength(1);
    expect(deployment.calls().at(-1)).toBe('clearDrill');
    expect(deployment.inputs('clearDrill')[0]?.outcome).toEqual({
      outcome: 'failed',
      facts: { reason: 'rows of public.documents: not the same', code: 'NOT_IDENTICAL' },
    });
  },
);

test.concurrent('a drill that cannot be planned has nothing to clear', async () => {
  const deployment = runs.deploy('unplannable', {
    planDrill: async () => {
      throw failing('BUSY', 'a restore of unplannable is in progress');
    },
  });
  expect(await failureOf(await deployment.start('drill'))).toMatchObject({ code: 'BUSY' });
  expect(deployment.calls()).toEqual(['planDrill']);
});

test.concurrent('what kept it from being planned is noted in the log, unless somebody was in the way', async () => {
  const deployment = runs.deploy('unreachable', {
    planDrill: async () => {
      throw failing('CONFIG_INVALID', 'there is no server to drill it on');
    },
    noteUnplannedDrill: async () => {
      throw failing('DISK_FULL', 'no room for the log');
    },
  });
  const run = await deployment.start('drill');
  expect(await failureOf(run)).toMatchObject({ code: 'CONFIG_INVALID' });
  expect(deployment.calls()).toEqual(['planDrill', 'noteUnplannedDrill']);
  expect(deployment.inputs('noteUnplannedDrill')[0]).toMatchObject({
    request: { deployment: 'unreachable', backup: 'latest' },
    reason: 'there is no server to drill it on',
    code: 'CONFIG_INVALID',
  });
});

test.concurrent('a drill that is cancelled is cleared, and ends as cancelled', async () => {
  const deployment = runs.deploy('cancelled', { stageTrees: untilCancelled });
  const run = await deployment.start('drill');
  await deployment.begun('stageTrees');
  await run.handle.cancel();
  expect(await failureOf(run)).toEqual(CANCELLED);
  expect(deployment.calls().at(-1)).toBe('clearDrill');
  expect(deployment.inputs('clearDrill')[0]?.outcome).toEqual({
    outcome: 'failed',
    facts: { reason: 'it was cancelled' },
  });
});

test.concurrent('clearing is tried until it succeeds, and no cancellation keeps it from that', async () => {
  const mayEnd = gate();
  let tries = 0;
  const deployment = runs.deploy('cleared-late', {
    clearDrill: async () => {
      tries += 1;
      if (tries > 1) return 'what was staged is removed';
      await until(mayEnd.opened);
      throw failing('DATABASE_RIGHTS', 'the role may not drop it');
    },
  });
  const run = await deployment.start('drill');
  await deployment.begun('clearDrill');
  await run.handle.cancel();
  mayEnd.open();
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored' });
  expect(tries).toBe(2);
});

test.concurrent('who gives up clearing is told what is left', async () => {
  const deployment = runs.deploy('given-up', {
    clearDrill: async () => {
      throw failing('DATABASE_RIGHTS', 'the role may not drop it');
    },
  });
  const run = await deployment.start('drill');
  await deployment.begun('clearDrill');
  await run.update('giveUp', { by: 'somebody' });
  expect(await failureOf(run)).toMatchObject({
    code: 'ROLL_BACK_INCOMPLETE',
    message: 'the drill is not cleared: the operation record of given-up says what is left',
  });
});

/** Where the clearing's failure reaches the server while the run answers, the server drops what it was told. */
test.concurrent('who gives up in the moment in which clearing fails is heard', async () => {
  const failures = Array.from({ length: 8 }, async (_, index) => {
    const told = gate();
    const deployment = runs.deploy(`given-up-at-once-${index}`, {
      clearDrill: async () => {
        await until(told.opened);
        await sleep(3 * index);
        throw failing('DATABASE_RIGHTS', 'the role may not drop it');
      },
    });
    const run = await deployment.start('drill');
    await deployment.begun('clearDrill');
    told.open();
    await run.update('giveUp', { by: 'somebody' });
    return failureOf(run);
  });
  for (const failure of await Promise.all(failures))
    expect(failure).toMatchObject({ code: 'ROLL_BACK_INCOMPLETE' });
});

test.concurrent('a backup that is to be drilled is drilled once it is free, by a run of its own', async () => {
  const deployment = runs.deploy('backup-drilled');
  const run = await deployment.start('backup', { drill: true });
  expect(await run.handle.result()).toMatchObject({
    backup: BACKUP,
    drill: { outcome: 'restored', rawBytes: 8_000_000 },
  });
  const calls = deployment.calls();
  expect(calls.indexOf('planDrill')).toBeGreaterThan(calls.indexOf('releaseBackup'));
  expect(deployment.inputs('planDrill')[0]).toMatchObject({
    request: { deployment: 'backup-drilled', backup: BACKUP },
    run: { workflowId: 'holdfast.backup-drilled.drill' },
  });
});

test.concurrent('a backup whose drill fails is a backup, and says how it failed', async () => {
  const deployment = runs.deploy('backup-not-proved', { proveDrill: differs });
  const run = await deployment.start('backup', { drill: true });
  expect(await run.handle.result()).toMatchObject({
    backup: BACKUP,
    drill: {
      outcome: 'failed',
      code: 'NOT_IDENTICAL',
      message: 'rows of public.documents: not the same',
      hint: 'look',
    },
  });
});

test.concurrent('a backup beside another drill is a backup, and says that it was not drilled', async () => {
  const mayEnd = gate();
  const deployment = runs.deploy('backup-beside', {
    stageTrees: async () => {
      await until(mayEnd.opened);
      return { trees: 1, files: 1 };
    },
  });
  const other = await deployment.start('drill');
  await deployment.begun('stageTrees');
  const run = await deployment.start('backup', { drill: true });
  expect(await run.handle.result()).toMatchObject({ drill: { outcome: 'failed', code: 'BUSY' } });
  mayEnd.open();
  await other.handle.result();
});

test.concurrent('a backup that is cancelled while it is drilled is a backup, and its drill is cleared', async () => {
  const deployment = runs.deploy('backup-cancelled', { proveDrill: untilCancelled });
  const run = await deployment.start('backup', { drill: true });
  await deployment.begun('proveDrill');
  await run.handle.cancel();
  expect(await run.handle.result()).toMatchObject({
    backup: BACKUP,
    drill: { outcome: 'failed', code: 'CANCELLED' },
  });
  expect(deployment.calls().at(-1)).toBe('clearDrill');
});
