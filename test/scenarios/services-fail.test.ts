// Services, hooks and health checks that fail during a restore: the data and every service are as they were before, and it is said why.

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { type Application, createApplications } from '../support/scenario-application.js';
import {
  answerOf,
  backUp,
  type Ended,
  holdfast,
  type Serving,
  serve,
  startCommand,
} from '../support/scenario-commands.js';
import { failureOf } from '../support/scenario-failures.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import type { Live } from '../support/scenario-live.js';
import { ALL_STOPPED, AS_BEFORE, createServices, mark, type Services } from '../support/scenario-services.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const cluster = await startCluster({ settings: { max_connections: '60' } });
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);

interface Story {
  app: Application;
  services: Services;
  backedUp: Live;
  worked: Live;
}

const NAMES = ['ill', 'left', 'hook', 'deaf', 'broken', 'stuck'] as const;
const stories = new Map<string, Story>();
let up: Serving;

/** Each has worked since its backup. */
beforeAll(async () => {
  for (const name of NAMES) {
    const services = await createServices(scenario, name);
    const app = await application(name, { settings: { ...services.settings, forwardWithin: '15s' } });
    // What makes this one healthy is not in its backup.
    if (name !== 'ill') await mark(scenario, name);
    stories.set(name, { app, services, backedUp: await app.live(), worked: await app.live() });
  }
  up = await serve(scenario);
  await Promise.all(
    [...stories].map(async ([name, story]) => {
      await backUp(scenario, name);
      await mark(scenario, name);
      await story.app.work();
      story.worked = await story.app.live();
    }),
  );
});

afterAll(async () => {
  await expectNothingLeft(
    scenario,
    [...stories.values()].flatMap(({ app }) => app.trees),
  );
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const storyOf = (name: (typeof NAMES)[number]): Story => {
  const story = stories.get(name);
  if (story === undefined) throw new Error(`no story ${name}`);
  return story;
};

const restoring = (name: string, ...args: string[]): string[] => [
  'restore',
  name,
  '--confirm',
  name,
  ...args,
];

const expectAsBefore = async (name: (typeof NAMES)[number], ended: Ended, error: RegExp): Promise<void> => {
  const { app, services, worked } = storyOf(name);
  expect(failureOf(ended)).toMatchObject({ exit: 6, error: expect.stringMatching(error) });
  expect(await app.live()).toEqual(worked);
  expect(await services.states()).toEqual(AS_BEFORE);
};

describe.concurrent('a restore whose', () => {
  it('application is not healthy afterwards is rolled back, and every service runs as before', async () => {
    const ended = await holdfast(scenario, restoring('ill'));
    await expectAsBefore('ill', ended, /^rolled back: the restored application is not healthy: /);
    expect(await storyOf('ill').services.hooked()).toBe(1);
  });

  it('hook fails is rolled back, and no service ran on the restored data', async () => {
    await storyOf('hook').services.fail('hooked.hook');
    const ended = await holdfast(scenario, restoring('hook'));
    await expectAsBefore('hook', ended, /^rolled back: hook afterRestore: .* failed \(exit 1: .*out of luck/);
  });

  it('service does not stop is rolled back before anything was replaced', async () => {
    await storyOf('deaf').services.fail('web.stop');
    const ended = await holdfast(scenario, restoring('deaf'));
    await expectAsBefore('deaf', ended, /^rolled back: cannot stop /);
  });

  it('service does not start puts the data back and starts what was running', async () => {
    const { services } = storyOf('broken');
    await services.fail('web.start');
    const command = startCommand(scenario, restoring('broken'));
    await command.says(/roll back/, 60_000);
    await services.mend('web.start');
    await expectAsBefore('broken', await command.ended, /^rolled back: cannot start /);
  });

  it('service can be started no more ends when somebody gives up, and is settled once it can be', async () => {
    const { app, services, worked } = storyOf('stuck');
    await services.fail('web.start');
    const command = startCommand(scenario, restoring('stuck'));
    await command.says(/roll back/, 60_000);
    await vi.waitFor(async () => expect(await app.live()).toEqual(worked), { timeout: 60_000 });
    const run = 'holdfast.stuck.restore';
    expect(await answerOf(scenario, ['give-up', run])).toEqual({ run, givenUp: true });
    const { exit, error, hint } = failureOf(await command.ended);
    expect({ exit, error }).toEqual({
      exit: 7,
      error: expect.stringMatching(/^roll-back incomplete: cannot start /),
    });
    expect(hint).toContain('start the workflow settle with {"deployment": "stuck"}');
    expect(failureOf(await holdfast(scenario, ['give-up', run]))).toMatchObject({
      exit: 2,
      error: `${run} has ended (failed)`,
    });
    expect(await services.states()).toEqual({ ...AS_BEFORE, web: 'stopped' });
    await services.mend('web.start');
    await services.become(AS_BEFORE, 90_000);
    expect(await app.live()).toEqual(worked);
  });

  it('services are to be left stopped ends with all of them stopped, and names those that ran', async () => {
    const { app, services, backedUp } = storyOf('left');
    const answer = await answerOf(scenario, restoring('left', '--leave-stopped'));
    expect(answer).toMatchObject({ outcome: 'restored', health: 'not checked' });
    expect(answer.leftStopped).toEqual([expect.stringContaining('api'), expect.stringContaining('web')]);
    expect(await app.live()).not.toEqual(storyOf('left').worked);
    expect(await app.live()).toEqual(backedUp);
    expect(await services.states()).toEqual(ALL_STOPPED);
  });
});
