import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANCELLED, failureOf } from './ending.js';
import { type Activities, failing, fakeActivities, untilCancelled } from './fake-activities.js';
import type { FakeDeployment } from './fake-deployment.js';
import { AROUND_RESTORE, planningRestore, restoreOf } from './planned.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const STEPS = ['stopServices', 'swap', 'runAfterRestore', 'startServices', 'awaitHealth'] as const;
type Step = (typeof STEPS)[number];

const deploy = (name: string, changed: Partial<Activities>, plan = {}): FakeDeployment =>
  runs.deploy(name, { ...planningRestore({ ...AROUND_RESTORE, ...plan }), ...changed });

/** After `step` began, the way back did, once, and nothing else. */
const expectRolledBackAfter = ({ calls }: FakeDeployment, step: Step): void => {
  const before = ['lookAtHealth', ...STEPS.slice(0, STEPS.indexOf(step)), step];
  expect([...new Set(calls())].slice(5)).toEqual([...before, 'rollBackOperation']);
  expect(calls().filter((name) => name === 'rollBackOperation')).toHaveLength(1);
};

test.concurrent.for([
  ['stopServices', 'UNKNOWN_SERVICE', 'there is no service web in the project edms'],
  ['swap', 'DATABASE_RIGHTS', 'must be owner of database edms'],
  ['runAfterRestore', 'HOOK_FAILED', 'hook afterRestore: migrate failed (exit code 3)'],
  ['startServices', 'SERVICE_FAILED', 'compose edms/web does not start'],
  ['awaitHealth', 'DATABASE_CREDENTIALS', 'the password of edms is wrong'],
] as const)(
  'a restore that fails in %s is rolled back, and says the cause',
  async ([step, code, message]) => {
    const deployment = deploy(`fails-in-${step.toLowerCase()}`, {
      [step]: async () => {
        throw failing(code, message, { retryable: false, hint: 'look', evidence: 'last words' });
      },
    });
    expect(await failureOf(await restoreOf(deployment))).toEqual({
      status: 'FAILED',
      code: 'ROLLED_BACK',
      message: `rolled back: ${message}; what was there before is there again`,
      details: [{ hint: 'look', evidence: 'last words' }],
    });
    expectRolledBackAfter(deployment, step);
  },
);

test.concurrent('an application that was healthy and no longer is rolls the restore back, with what the checks saw', async () => {
  const deployment = deploy('ill-now', {
    awaitHealth: async () => ({ healthy: false, lines: ['http://a answers 500', 'b refuses connections'] }),
  });
  const run = await restoreOf(deployment);
  expect(await failureOf(run)).toMatchObject({
    code: 'ROLLED_BACK',
    message:
      'rolled back: the restored application is not healthy: http://a answers 500; b refuses connections; what was there before is there again',
    details: [{ hint: expect.stringContaining('log') }],
  });
  expectRolledBackAfter(deployment, 'awaitHealth');
  expect((await run.progress()).phase).toBe('rolled back');
});

test.concurrent.for(STEPS)(
  'a restore that is cancelled during %s is rolled back, and ends as cancelled',
  async (step) => {
    const deployment = deploy(`cancelled-in-${step.toLowerCase()}`, { [step]: untilCancelled });
    const run = await restoreOf(deployment);
    await deployment.begun(step);
    await run.handle.cancel();
    expect(await failureOf(run)).toEqual(CANCELLED);
    expectRolledBackAfter(deployment, step);
  },
);

test.concurrent.for(STEPS)(
  'a restore that is cancelled during %s is rolled back even if that step succeeds',
  async (step) => {
    const deployment = deploy(`late-in-${step.toLowerCase()}`, {
      [step]: async (input: never) => {
        await untilCancelled().catch(() => undefined);
        return fakeActivities[step](input);
      },
    });
    const run = await restoreOf(deployment);
    await deployment.begun(step);
    await run.handle.cancel();
    expect(await failureOf(run)).toEqual(CANCELLED);
    expectRolledBackAfter(deployment, step);
  },
);

const DEADLINED = ['stopServices', 'swap', 'startServices'] as const;

test.concurrent.for(DEADLINED)(
  'what goes on failing in %s is tried again until the deadline, and then rolled back with what it said',
  async (step) => {
    let tries = 0;
    const deployment = deploy(
      `keeps-failing-in-${step.toLowerCase()}`,
      {
        [step]: async () => {
          tries += 1;
          const failure = failing('SERVICE_FAILED', 'compose edms/web does not answer');
          throw Object.assign(failure, { nextRetryDelay: '1s' });
        },
      },
      { forwardWithinMs: 3_000 },
    );
    expect(await failureOf(await restoreOf(deployment))).toMatchObject({
      code: 'ROLLED_BACK',
      message: 'rolled back: compose edms/web does not answer; what was there before is there again',
    });
    expect(tries).toBeGreaterThan(1);
    expectRolledBackAfter(deployment, step);
  },
);

test.concurrent.for(DEADLINED)(
  'a restore whose deadline is over while %s goes on is rolled back',
  async (step) => {
    const deployment = deploy(
      `deadline-in-${step.toLowerCase()}`,
      { [step]: untilCancelled },
      { forwardWithinMs: 700 },
    );
    expect(await failureOf(await restoreOf(deployment))).toMatchObject({
      code: 'ROLLED_BACK',
      message: 'rolled back: no agent ended the step in time; what was there before is there again',
      details: [{ hint: expect.stringContaining('slow to stop or start') }],
    });
    expectRolledBackAfter(deployment, step);
  },
);

test.concurrent('before anything is stopped, a look that fails leaves the services alone', async () => {
  const deployment = deploy('cannot-look', {
    lookAtHealth: async () => {
      throw failing('DATABASE_CREDENTIALS', 'the password of edms is wrong');
    },
  });
  expect(await failureOf(await restoreOf(deployment))).toMatchObject({ code: 'ROLLED_BACK' });
  expect(deployment.calls().slice(-2)).toEqual(['lookAtHealth', 'rollBackOperation']);
});
