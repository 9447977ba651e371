import { Context } from '@temporalio/activity';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lengthsOfRuns } from '../../src/activities/run-lengths.js';
import type { Expectation } from '../../src/domain/expectation.js';
import { attempt, failing, fakeActivities } from './fake-activities.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const HOUR = 3_600_000;
const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const expecting = (changed: Partial<Expectation>) => async () => ({
  ...{ giveUpAt: inMs(HOUR), lateAt: inMs(HOUR), usualMs: null },
  ...changed,
});

test.concurrent('a scheduled verification goes on trying although nobody watches, and gives no repository the time of another', async () => {
  const giveUpAt = inMs(HOUR);
  const deployment = runs.deploy('read-again', {
    expectRun: expecting({ giveUpAt }),
    verifyBackup: async () => {
      if (attempt() < 8) throw failing('REPOSITORY_UNREACHABLE', 'not mounted');
      return { bytes: 1, problems: [], repaired: 0 };
    },
  });
  const run = await deployment.trigger('verify');
  expect(await run.handle.result()).toMatchObject({ ok: true, copies: 2 });
  expect(deployment.inputs('expectRun')).toMatchObject([{ deployment: 'read-again', tier: 'verify' }]);
  const times = deployment.inputs('verifyBackup').map(({ giveUpAt: at }) => Date.parse(at ?? ''));
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  expect(Date.parse(giveUpAt) - first).toBeGreaterThan(0.4 * HOUR);
  expect(last).toBe(Date.parse(giveUpAt));
});

test.concurrent('a verification that somebody started gives a repository up after a few attempts', async () => {
  const deployment = runs.deploy('read-by-hand', {
    verifyBackup: async () => {
      throw failing('REPOSITORY_UNREACHABLE', 'not mounted');
    },
  });
  const run = await deployment.start('verify');
  expect(await run.handle.result()).toMatchObject({ ok: false, problems: 2 });
  expect(deployment.calls()).not.toContain('expectRun');
  expect(deployment.inputs('verifyBackup').map(({ giveUpAt }) => giveUpAt)).toEqual(
    Array(10).fill(undefined),
  );
});

test.concurrent('a scheduled drill goes on trying, and its steps know until when', async () => {
  const giveUpAt = inMs(HOUR);
  const deployment = runs.deploy('drill-again', {
    expectRun: expecting({ giveUpAt }),
    fetchArtifacts: async (input) => {
      if (attempt() < 8) throw failing('REPOSITORY_UNREACHABLE', 'not mounted');
      return fakeActivities.fetchArtifacts(input);
    },
  });
  const run = await deployment.trigger('drill');
  await run.handle.result();
  expect(deployment.inputs('expectRun')).toMatchObject([{ deployment: 'drill-again', tier: 'drill' }]);
  for (const name of ['fetchArtifacts', 'stageTrees', 'proveDrill', 'clearDrill'] as const)
    expect(deployment.inputs(name).at(-1)?.plan.giveUpAt).toBe(giveUpAt);
});

test.concurrent.each(['verify', 'drill'] as const)(
  'a scheduled %s that takes much longer than usual says that it is late, and ends well all the same',
  async (kind) => {
    const shown = gate();
    const deployment = runs.deploy(`late-${kind}`, {
      expectRun: expecting({ lateAt: inMs(100), usualMs: 2_000 }),
      verifyBackup: async (input) => {
        await shown.opened;
        return fakeActivities.verifyBackup(input);
      },
      fetchArtifacts: async (input) => {
        await shown.opened;
        return fakeActivities.fetchArtifacts(input);
      },
    });
    const run = await deployment.trigger(kind);
    await vi.waitFor(
      async () =>
        expect((await run.progress()).steps).toContainEqual({
          ...{ name: 'late', state: 'failed' },
          detail: expect.stringMatching(/^it has taken .*; usually 2\.0 s; it gives up at /),
        }),
      { timeout: 60_000 },
    );
    shown.open();
    await run.handle.result();
  },
);

test.concurrent('the server tells how long the runs took that a schedule started, and of no others', async () => {
  const told: number[][] = [];
  const deployment = runs.deploy('remembered', {
    listBackupsToVerify: async (input) => {
      const of = { deployment: 'remembered', kind: 'verify' as const, most: 7 };
      told.push(await lengthsOfRuns(Context.current(), of));
      return fakeActivities.listBackupsToVerify(input);
    },
  });
  await (await deployment.start('verify')).handle.result();
  await (await deployment.trigger('verify')).handle.result();
  await vi.waitFor(
    async () => {
      await (await deployment.start('verify')).handle.result();
      expect(told.at(-1)).toEqual([expect.any(Number)]);
    },
    { timeout: 60_000 },
  );
});
