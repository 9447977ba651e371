import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { CANCELLED, failureOf } from './ending.js';
import {
  type Activities,
  BACKUP,
  failing,
  takenNow,
  tellSnapshot,
  untilCancelled,
} from './fake-activities.js';
import type { FakeDeployment } from './fake-deployment.js';
import { planningBackup, SERVICES } from './planned.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const deploy = (name: string, changed: Partial<Activities>): FakeDeployment =>
  runs.deploy(name, {
    ...planningBackup({ quiet: SERVICES, hooks: ['beforeBackup', 'afterBackup'] }),
    ...changed,
  });

const fails = async (): Promise<never> => {
  throw failing('HOOK_FAILED', 'it failed', { hint: 'look', evidence: 'last words' });
};

const STEPS = [
  'runBackupHook',
  'quietServices',
  'dumpDatabases',
  'archiveFiles',
  'resumeServices',
  'checksumArtifacts',
  'commitBackup',
] as const satisfies (keyof Activities)[];

test.concurrent.for(STEPS)(
  'a backup that fails in %s is rolled back once, and ends with the step’s own failure',
  async (step) => {
    const deployment = deploy(`fails-in-${step.toLowerCase()}`, { [step]: fails });
    expect(await failureOf(await deployment.start('backup'))).toEqual({
      status: 'FAILED',
      code: 'HOOK_FAILED',
      message: 'it failed',
      details: [{ hint: 'look', evidence: 'last words' }],
    });
    const calls = deployment.calls();
    expect(calls.filter((name) => name === 'rollBackOperation')).toHaveLength(1);
    expect(calls.at(-1)).toBe('rollBackOperation');
    expect(calls.includes('commitBackup')).toBe(step === 'commitBackup');
    expect(calls.filter((name) => name === 'runBackupHook')).toHaveLength(1);
  },
);

test.concurrent.for([
  ['a hook before it', 'runBackupHook', []],
  ['services that do not become quiet', 'quietServices', ['runBackupHook']],
] as const)('a backup stores nothing after %s', async ([, step, before]) => {
  const deployment = deploy(`stops-at-${step.toLowerCase()}`, { [step]: fails });
  await failureOf(await deployment.start('backup'));
  expect(deployment.calls()).toEqual(['planBackup', 'beginBackup', ...before, step, 'rollBackOperation']);
});

test.concurrent('when services cannot be put back, the dump has ended too before the way back tries it', async () => {
  const deployment = deploy('not-put-back', {
    dumpDatabases: async () => {
      await tellSnapshot(takenNow());
      return untilCancelled();
    },
    resumeServices: fails,
  });
  expect(await failureOf(await deployment.start('backup'))).toMatchObject({ message: 'it failed' });
  expect(deployment.journal.slice(-4)).toEqual([
    'resumeServices ends',
    'dumpDatabases ends',
    'rollBackOperation begins',
    'rollBackOperation ends',
  ]);
});

test.concurrent.for(['runBackupHook', 'quietServices', 'archiveFiles', 'resumeServices'] as const)(
  'a backup that is cancelled during %s is rolled back, and ends as cancelled',
  async (step) => {
    const deployment = deploy(`cancelled-in-${step.toLowerCase()}`, { [step]: untilCancelled });
    const run = await deployment.start('backup');
    await deployment.begun(step);
    await run.handle.cancel();
    expect(await failureOf(run)).toEqual(CANCELLED);
    expect(deployment.calls().at(-1)).toBe('rollBackOperation');
    expect(deployment.calls()).not.toContain('commitBackup');
  },
);

test.concurrent('a hook that fails after the commit fails the run, which says that the backup is complete and rolls nothing back', async () => {
  const deployment = deploy('after-commit', {
    runBackupHook: ({ hook }) => (hook === 'afterBackup' ? fails() : Promise.resolve()),
  });
  const run = await deployment.start('backup');
  expect(await failureOf(run)).toMatchObject({
    code: 'HOOK_FAILED',
    message: `it failed; the backup ${BACKUP} is complete`,
  });
  expect(deployment.calls().slice(-3)).toEqual(['commitBackup', 'runBackupHook', 'releaseBackup']);
  const { phase, steps } = await run.progress();
  expect(phase).toBe('done');
  expect(steps.slice(-2)).toEqual([
    { name: 'afterBackup', state: 'failed', detail: 'it failed' },
    { name: 'release', state: 'done', detail: '' },
  ]);
});

test.concurrent('a backup that is cancelled during the hook after it ends as cancelled, and stays', async () => {
  const deployment = deploy('cancelled-after-commit', {
    runBackupHook: ({ hook }) => (hook === 'afterBackup' ? untilCancelled() : Promise.resolve()),
  });
  const run = await deployment.start('backup');
  await deployment.begun('commitBackup');
  await vi.waitFor(() => expect(deployment.calls().at(-1)).toBe('runBackupHook'), {
    timeout: 60_000,
    interval: 50,
  });
  await run.handle.cancel();
  expect(await failureOf(run)).toEqual(CANCELLED);
  expect(deployment.calls().slice(-2)).toEqual(['runBackupHook', 'releaseBackup']);
});
