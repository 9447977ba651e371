// An agent that is killed with -9 while services are stopped for a restore: the next one goes on or settles within a minute, and every
// service is as it was before.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { type Application, createApplications } from '../support/scenario-application.js';
import { backUp, type Command, type Serving, serve, startCommand } from '../support/scenario-commands.js';
import { agentPid, killAllServing, killNine, loseTemporalDatabase } from '../support/scenario-kills.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import type { Live } from '../support/scenario-live.js';
import { AS_BEFORE, createServices, mark, type Services } from '../support/scenario-services.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const cluster = await startCluster({ settings: { max_connections: '60' } });
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);

interface Story {
  app: Application;
  services: Services;
  /** Where its restore is when the agent is killed. */
  at: 'api.stop' | 'web.stop' | 'hooked.hook' | 'api.start' | 'web.healthy';
  backedUp: Live;
  worked: Live;
}

const MOMENTS = {
  stopping: 'api.stop',
  stopped: 'web.stop',
  hook: 'hooked.hook',
  starting: 'api.start',
  health: 'web.healthy',
} as const;

const stories: Story[] = [];
let up: Serving;

beforeAll(async () => {
  for (const [name, at] of Object.entries(MOMENTS)) {
    const services = await createServices(scenario, name);
    const app = await application(name, { settings: { ...services.settings, forwardWithin: '1m' } });
    await mark(scenario, name);
    const backedUp = await app.live();
    stories.push({ app, services, at, backedUp, worked: backedUp });
  }
  up = await serve(scenario);
  await Promise.all(stories.map(({ app }) => backUp(scenario, app.deployment)));
});

afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

/** Restores of all of them, each held where it is to be killed. */
const inTheMiddle = (): Promise<Command[]> =>
  Promise.all(
    stories.map(async (story) => {
      const { app, services, at } = story;
      await app.work();
      story.worked = await app.live();
      const [early, late] = at === 'web.healthy' ? (['web.start', at] as const) : [at, at];
      await services.hold(early);
      const command = startCommand(scenario, ['restore', app.deployment, '--confirm', app.deployment]);
      await services.reached(early);
      if (late !== early) {
        await services.hold(late);
        await services.letGo(early);
        await services.reached(late);
      }
      return command;
    }),
  );

const goOn = () => Promise.all(stories.map(({ services, at }) => services.letGo(at)));

const trees = () => stories.flatMap(({ app }) => app.trees);

describe('killed while services are stopped', () => {
  it('an agent is followed by another one, and its restores end well', async () => {
    const commands = await inTheMiddle();
    killNine(await agentPid(scenario));
    await goOn();
    for (const [index, { app, services, backedUp }] of stories.entries()) {
      const { exit, stderr } = (await commands[index]?.ended) ?? {};
      expect({ exit, stderr }).toEqual({ exit: 0, stderr });
      expect(await app.live()).toEqual(backedUp);
      expect(await services.states()).toEqual(AS_BEFORE);
      expect(await services.hooked()).toBeGreaterThan(0);
    }
    await expectNothingLeft(scenario, trees(), 60_000);
  });

  it('and when Temporal’s database is gone too, what was begun is settled', async () => {
    const commands = await inTheMiddle();
    await killAllServing(scenario, up);
    await loseTemporalDatabase(scenario);
    await goOn();
    up = await serve(scenario);
    await expectNothingLeft(scenario, trees(), 60_000);
    for (const { app, services, at, backedUp, worked } of stories) {
      expect(await app.live()).toEqual(at.endsWith('.stop') ? worked : backedUp);
      expect(await services.states()).toEqual(AS_BEFORE);
    }
    for (const command of commands) expect(await command.ended).toMatchObject({ exit: 1 });
  });
});
