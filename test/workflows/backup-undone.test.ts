import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANCELLED, failureOf } from './ending.js';
import {
  type Activities,
  failing,
  takenNow,
  tellSnapshot,
  until,
  untilCancelled,
} from './fake-activities.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const rollBacks = (calls: string[]) => calls.filter((name) => name === 'rollBackOperation').length;

const diskIsFull = async (): Promise<never> => {
  throw failing('DISK_FULL', 'no space left on the disk', { hint: 'free some space', evidence: 'ENOSPC' });
};

const STEPS = [
  'beginBackup',
  'dumpDatabases',
  'archiveFiles',
  'checksumArtifacts',
  'commitBackup',
] as const satisfies (keyof Activities)[];

test.concurrent.for(STEPS)(
  'a backup that fails in %s is rolled back once, and ends with the step’s own failure',
  async (step) => {
    const deployment = runs.deploy(`fails-in-${step.toLowerCase()}`, { [step]: diskIsFull });
    expect(await failureOf(await deployment.start('backup'))).toEqual({
      status: 'FAILED',
      code: 'DISK_FULL',
      message: 'no space left on the disk',
      details: [{ hint: 'free some space', evidence: 'ENOSPC' }],
    });
    expect(rollBacks(deployment.calls())).toBe(1);
    expect(deployment.calls().at(-1)).toBe('rollBackOperation');
    expect(deployment.inputs('rollBackOperation')[0]?.plan).toMatchObject({ operation: '0123456789' });
  },
);

test.concurrent('a backup that cannot be planned has nothing to undo', async () => {
  const deployment = runs.deploy('unplannable', { planBackup: diskIsFull });
  expect(await failureOf(await deployment.start('backup'))).toMatchObject({ code: 'DISK_FULL' });
  expect(deployment.calls()).toEqual(['planBackup']);
});

test.concurrent('when the dump fails, archiving has ended too before anything is rolled back', async () => {
  const archiving = gate();
  const deployment = runs.deploy('dump-fails', {
    dumpDatabases: async () => {
      await tellSnapshot(takenNow());
      await until(archiving.opened);
      return diskIsFull();
    },
    archiveFiles: async () => {
      archiving.open();
      return untilCancelled();
    },
  });
  expect(await failureOf(await deployment.start('backup'))).toMatchObject({ code: 'DISK_FULL' });
  expect(deployment.journal.slice(-4)).toEqual([
    'dumpDatabases ends',
    'archiveFiles ends',
    'rollBackOperation begins',
    'rollBackOperation ends',
  ]);
});

test.concurrent('when archiving fails, the dump has ended too before anything is rolled back', async () => {
  const deployment = runs.deploy('archive-fails', {
    dumpDatabases: async () => {
      await tellSnapshot(takenNow());
      return untilCancelled();
    },
    archiveFiles: diskIsFull,
  });
  expect(await failureOf(await deployment.start('backup'))).toMatchObject({ code: 'DISK_FULL' });
  expect(deployment.journal.slice(-4)).toEqual([
    'archiveFiles ends',
    'dumpDatabases ends',
    'rollBackOperation begins',
    'rollBackOperation ends',
  ]);
});

test.concurrent('a backup that is cancelled during the dump is rolled back, and ends as cancelled', async () => {
  const mayEnd = gate();
  const deployment = runs.deploy('cancelled', {
    dumpDatabases: untilCancelled,
    rollBackOperation: async () => {
      await until(mayEnd.opened);
      return 'what it had stored is removed';
    },
  });
  const run = await deployment.start('backup');
  await deployment.begun('dumpDatabases');
  await run.handle.cancel();
  await run.reaches('rolling back');
  await deployment.begun('rollBackOperation');
  // Shielded: a second cancellation does not reach it either.
  await run.handle.cancel();
  mayEnd.open();
  expect(await failureOf(run)).toEqual(CANCELLED);
  expect(deployment.calls()).toEqual(['planBackup', 'beginBackup', 'dumpDatabases', 'rollBackOperation']);
});

test.concurrent('a step that fails because it was cancelled makes a cancelled run, not a failed one', async () => {
  const deployment = runs.deploy('fails-when-cancelled', {
    checksumArtifacts: async () => {
      await untilCancelled().catch(() => undefined);
      return diskIsFull();
    },
  });
  const run = await deployment.start('backup');
  await deployment.begun('checksumArtifacts');
  await run.handle.cancel();
  expect(await failureOf(run)).toEqual(CANCELLED);
  expect(rollBacks(deployment.calls())).toBe(1);
});

test.concurrent('a backup that is cancelled while it is planned ends at once', async () => {
  const deployment = runs.deploy('cancelled-early', { planBackup: untilCancelled });
  const run = await deployment.start('backup');
  await deployment.begun('planBackup');
  await run.handle.cancel();
  expect(await failureOf(run)).toEqual(CANCELLED);
  expect(deployment.calls()).toEqual(['planBackup']);
});

test.concurrent('a backup that is committed exists: to cancel it then comes too late', async () => {
  const mayEnd = gate();
  const deployment = runs.deploy('cancelled-late', { releaseBackup: () => until(mayEnd.opened) });
  const run = await deployment.start('backup');
  await deployment.begun('releaseBackup');
  await run.handle.cancel();
  mayEnd.open();
  expect(await run.handle.result()).toMatchObject({ deployment: 'cancelled-late' });
  expect(rollBacks(deployment.calls())).toBe(0);
});
