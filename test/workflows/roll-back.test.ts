import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANCELLED, failureOf } from './ending.js';
import { failing, untilCancelled } from './fake-activities.js';
import type { FakeDeployment } from './fake-deployment.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const swapFails = async (): Promise<never> => {
  throw failing('DATABASE_RIGHTS', 'must be owner of database edms');
};

/** Its roll-back fails so many times. */
const failingRollBack = (name: string, times: number, code: 'DISK_FULL' | 'DATABASE_UNREACHABLE') => {
  let tries = 0;
  return runs.deploy(name, {
    swap: swapFails,
    rollBackOperation: async () => {
      tries += 1;
      if (tries > times) return 'what was there before is there again';
      throw failing(code, `the way back is barred, ${tries}`);
    },
  });
};

const restoreOf = (deployment: FakeDeployment) =>
  deployment.start('restore', { confirm: `${deployment.name}@20260111T224748Z-full-3f9a` });

test.concurrent('a roll-back goes on beyond the attempts of other steps', async () => {
  const deployment = failingRollBack('barred-for-a-while', 6, 'DATABASE_UNREACHABLE');
  expect(await failureOf(await restoreOf(deployment))).toMatchObject({ code: 'ROLLED_BACK' });
  expect(deployment.calls().filter((name) => name === 'rollBackOperation').length).toBe(7);
});

test.concurrent('a roll-back goes on even when its failure says that trying again cannot help', async () => {
  const deployment = failingRollBack('disk-is-full', 2, 'DISK_FULL');
  const run = await restoreOf(deployment);
  expect(await failureOf(run)).toMatchObject({ code: 'ROLLED_BACK' });
  expect(deployment.calls().filter((name) => name === 'rollBackOperation').length).toBe(3);
  expect((await run.progress()).steps.at(-1)).toEqual({
    name: 'roll back',
    state: 'done',
    detail: 'what was there before is there again',
  });
});

test.concurrent('a roll-back that waits says why, and when it is tried again', async () => {
  const deployment = failingRollBack('says-why', Number.POSITIVE_INFINITY, 'DISK_FULL');
  const run = await restoreOf(deployment);
  await expect
    .poll(async () => (await run.progress()).steps.at(-1), { timeout: 60_000 })
    .toEqual({
      name: 'roll back',
      state: 'failed',
      detail: expect.stringMatching(/^the way back is barred, \d; again in \d s$/),
    });
  await run.update('giveUp');
  await failureOf(run);
});

test.concurrent.for(['DISK_FULL', 'DATABASE_UNREACHABLE'] as const)(
  'giving up a roll-back that fails with %s ends the run, and says what to do',
  async (code) => {
    const name = `given-up-${code === 'DISK_FULL' ? 'for-good' : 'for-now'}`;
    const deployment = failingRollBack(name, Number.POSITIVE_INFINITY, code);
    const run = await restoreOf(deployment);
    await deployment.begun('rollBackOperation');
    expect(await run.update('giveUp', { by: 'ada' })).toMatch(/^the roll-back ends/);
    expect(await failureOf(run)).toEqual({
      status: 'FAILED',
      code: 'ROLL_BACK_INCOMPLETE',
      message: `roll-back incomplete: must be owner of database edms; the operation record of ${name} says what is left`,
      details: [
        {
          evidence: '',
          hint: expect.stringContaining(`start the workflow settle with {"deployment": "${name}"}`),
        },
      ],
    });
    expect((await run.progress()).steps.at(-1)).toEqual({
      name: 'roll back',
      state: 'failed',
      detail: 'given up by ada',
    });
  },
);

test.concurrent('a backup’s roll-back can be given up too', async () => {
  const deployment = runs.deploy('backup-given-up', {
    commitBackup: swapFails,
    rollBackOperation: untilCancelled,
  });
  const run = await deployment.start('backup');
  await deployment.begun('rollBackOperation');
  await run.update('giveUp');
  expect(await failureOf(run)).toMatchObject({ code: 'ROLL_BACK_INCOMPLETE' });
});

test.concurrent('there is nothing to give up while nothing is rolled back', async () => {
  const deployment = runs.deploy('too-early', { dumpDatabases: untilCancelled });
  const run = await deployment.start('backup');
  await deployment.begun('dumpDatabases');
  await expect(run.update('giveUp')).rejects.toMatchObject({
    cause: { message: 'nothing is being rolled back: cancel the run instead' },
  });
  await run.handle.cancel();
  expect(await failureOf(run)).toEqual(CANCELLED);
});
