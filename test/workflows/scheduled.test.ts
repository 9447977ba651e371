import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { attempt, failing, fakeActivities } from './fake-activities.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const HOUR = 3_600_000;

const busy = () => failing('BUSY', 'a restore of edms is in progress (holdfast.edms.restore)');

test.concurrent('a backup that a schedule starts knows its moment, and the plan is told', async () => {
  const deployment = runs.deploy('knows');
  const run = await deployment.trigger('backup', { tier: 'daily' });
  await run.handle.result();
  expect(deployment.calls().slice(0, 3)).toEqual(['expectRun', 'planBackup', 'beginBackup']);
  const [{ workflowId, moment }] = [momentIn(run.handle.workflowId)];
  expect(workflowId).toBe('holdfast.knows.backup');
  expect(deployment.inputs('planBackup')[0]?.scheduledFor).toBe(moment);
});

test.concurrent('a run says which moments before it were missed, and that it is late for its own', async () => {
  const words = { caughtUp: 'made for then, 8 h later', missed: '2 moments have no backup' };
  const deployment = runs.deploy('missed', {
    expectRun: async () => ({ giveUpAt: inMs(HOUR), lateAt: inMs(HOUR), usualMs: null, ...words }),
  });
  const run = await deployment.trigger('backup', { tier: 'daily' });
  await run.handle.result();
  expect((await run.progress()).steps.slice(0, 2)).toEqual([
    { name: 'caught up', state: 'done', detail: words.caughtUp },
    { name: 'earlier moments', state: 'failed', detail: words.missed },
  ]);
  const { moment } = momentIn(run.handle.workflowId);
  expect(deployment.inputs('expectRun')).toMatchObject([{ scheduledFor: moment }]);
});

/** The server appends it to the id. */
const momentIn = (id: string) => {
  const [, workflowId, time = ''] = /^(.*)-(\d{4}-\d\d-\d\dT.*Z)$/.exec(id) ?? [];
  return { workflowId, moment: new Date(time).toISOString() };
};

test.concurrent('a busy deployment is waited for, shown, and planned again when it is free', async () => {
  const shown = gate();
  const deployment = runs.deploy('waits', {
    beginBackup: async () => {
      if (deployment.calls().filter((name) => name === 'beginBackup').length === 1) throw busy();
    },
    dumpDatabases: async (input) => {
      await shown.opened;
      return fakeActivities.dumpDatabases(input);
    },
  });
  const run = await deployment.trigger('backup', { tier: 'daily' });
  await vi.waitFor(
    async () =>
      expect((await run.progress()).steps).toContainEqual({
        name: 'wait',
        state: 'running',
        detail: 'a restore of edms is in progress (holdfast.edms.restore); again in 5 s',
      }),
    { timeout: 60_000, interval: 50 },
  );
  await deployment.begun('dumpDatabases');
  expect((await run.progress()).steps.slice(0, 3)).toMatchObject([
    { name: 'plan', state: 'done' },
    { name: 'begin', state: 'done' },
    { name: 'wait', state: 'done' },
  ]);
  shown.open();
  await run.handle.result();
  expect(deployment.calls().slice(0, 5)).toEqual([
    ...['expectRun', 'planBackup', 'beginBackup'],
    ...['planBackup', 'beginBackup'],
  ]);
  expect(deployment.calls()).not.toContain('rollBackOperation');
});

test.concurrent('whoever starts a backup by hand is told at once that the deployment is busy', async () => {
  const deployment = runs.deploy('told', {
    beginBackup: async () => {
      throw busy();
    },
  });
  const run = await deployment.start('backup');
  await expect(run.handle.result()).rejects.toMatchObject({ cause: { type: 'BUSY' } });
});

test.concurrent('a deployment that stays busy is given up on in time', async () => {
  const deployment = runs.deploy('never-free', {
    expectRun: async () => ({ giveUpAt: inMs(1_000), lateAt: inMs(HOUR), usualMs: null }),
    beginBackup: async () => {
      throw busy();
    },
  });
  const run = await deployment.trigger('backup', { tier: 'daily' });
  await expect(run.handle.result()).rejects.toMatchObject({ cause: { type: 'BUSY' } });
  expect(deployment.calls()).toEqual(['expectRun', 'planBackup', 'beginBackup']);
});

test.concurrent('a drill that a schedule starts waits too', async () => {
  const deployment = runs.deploy('drill-waits', {
    planDrill: async (input) => {
      if (deployment.calls().filter((name) => name === 'planDrill').length === 1) throw busy();
      return fakeActivities.planDrill(input);
    },
  });
  const run = await deployment.trigger('drill');
  await run.handle.result();
  expect(deployment.calls().filter((name) => name === 'planDrill')).toHaveLength(2);
});

test.concurrent('a step goes on being tried although nobody watches', async () => {
  const deployment = runs.deploy('patient', {
    checksumArtifacts: async () => {
      if (attempt() < 8) throw failing('REPOSITORY_UNREACHABLE', 'not mounted');
      return { bytes: 1, artifacts: 1 };
    },
  });
  // Of the manual tier, as a schedule in the UI could have it: the schedule decides.
  const run = await deployment.trigger('backup');
  expect(await run.handle.result()).toMatchObject({ artifacts: 1 });
});

test.concurrent('a run that takes much longer than usual says that it is late, and ends well all the same', async () => {
  const shown = gate();
  const deployment = runs.deploy('late', {
    expectRun: async () => ({ giveUpAt: '2126-01-11T22:47:48.000Z', lateAt: inMs(100), usualMs: 2_000 }),
    checksumArtifacts: async () => {
      await shown.opened;
      return { bytes: 1, artifacts: 1 };
    },
  });
  const run = await deployment.trigger('backup', { tier: 'daily' });
  const late = await vi.waitFor(
    async () => {
      const step = (await run.progress()).steps.find(({ name }) => name === 'late');
      if (step === undefined) throw new Error('it is not late yet');
      return step;
    },
    { timeout: 60_000 },
  );
  expect(late).toEqual({
    name: 'late',
    state: 'failed',
    detail: expect.stringMatching(/^it has taken .*s; usually 2\.0 s; it gives up at 2126-01-11T22:47Z$/),
  });
  shown.open();
  await run.handle.result();
});

test.concurrent('the first error of a step that is tried again is shown at once, with the step', async () => {
  const shown = gate();
  const deployment = runs.deploy('troubled', {
    dumpDatabases: async (input) => {
      if (attempt() === 1) {
        const { client, info } = Context.current();
        const { workflowId = '' } = info.workflowExecution ?? {};
        const trouble = { activity: 'dumpDatabases', message: 'the database does not answer' };
        await client.workflow.getHandle(workflowId).signal('stepTrouble', trouble);
        throw failing('DATABASE_UNREACHABLE', trouble.message);
      }
      await shown.opened;
      return fakeActivities.dumpDatabases(input);
    },
  });
  const run = await deployment.trigger('backup', { tier: 'daily' });
  const detail = 'the database does not answer; it is tried again';
  await vi.waitFor(
    async () =>
      expect((await run.progress()).steps).toContainEqual({
        name: 'dump databases',
        state: 'running',
        detail,
      }),
    { timeout: 60_000, interval: 50 },
  );
  shown.open();
  await run.handle.result();
  expect((await run.progress()).steps).toContainEqual({
    ...{ name: 'dump databases', state: 'done', detail: '3.0 MB stored' },
  });
});
