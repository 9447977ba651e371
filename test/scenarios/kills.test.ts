// `kill -9` from outside, of whatever runs, while one application is dumped, a second one staged and a third one swapped: the
// runs go on and end well, or what was begun is settled; live data is all old or all new, and nothing is left.
import { readdir, rm } from 'node:fs/promises';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { type Application, createApplications } from '../support/scenario-application.js';
import { answerOf, backUp, restore, type Serving, serve } from '../support/scenario-commands.js';
import { failureOf } from '../support/scenario-failures.js';
import { agentPid, type InTheMiddle, inTheMiddle, killNine, serverPid } from '../support/scenario-kills.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import type { Live } from '../support/scenario-live.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const cluster = await startCluster({ settings: { max_connections: '60' } });
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
const apps = {
  dump: await application('dump'),
  stage: await application('stage'),
  swap: await application('swap'),
};
const all = Object.values(apps);
const trees = all.flatMap((app) => app.trees);
let up: Serving = await serve(scenario);
/** What the newest backup holds, and what was live before the kill. */
const old = new Map<Application, Live>();
const worked = new Map<Application, Live>();
for (const app of all) {
  old.set(app, await app.live());
  await backUp(scenario, app.deployment);
}

afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

/** Everything works again, and nothing is left of what was interrupted. */
const expectAllWell = async (): Promise<void> => {
  await expectNothingLeft(scenario, trees, 60_000);
  await Promise.all(
    all.map(async (app) => {
      await restore(scenario, 'latest', app.deployment);
      expect(await app.live()).toEqual(old.get(app));
    }),
  );
};

const work = async (): Promise<void> => {
  for (const app of [apps.stage, apps.swap]) {
    await app.work();
    worked.set(app, await app.live());
    expect(worked.get(app)).not.toEqual(old.get(app));
  }
};

const expectGoesOn = async ({ dumping, staging, swapping, goOn }: InTheMiddle): Promise<void> => {
  await goOn();
  for (const command of [dumping, staging, swapping]) {
    const { exit, stderr } = await command.ended;
    expect(exit, stderr).toBe(0);
  }
  for (const app of [apps.stage, apps.swap]) expect(await app.live()).toEqual(old.get(app));
};

describe('killed in the middle of everything', () => {
  beforeEach(work);
  afterEach(expectAllWell);

  it('an agent is replaced, and its runs go on', async () => {
    const middle = await inTheMiddle(scenario, apps);
    killNine(await agentPid(scenario));
    await expectGoesOn(middle);
  });

  it('a Temporal server is replaced, and its runs go on', async () => {
    const middle = await inTheMiddle(scenario, apps);
    killNine(await serverPid(scenario));
    await expectGoesOn(middle);
  });

  it('a supervisor is followed by another one, and the runs go on', async () => {
    const middle = await inTheMiddle(scenario, apps);
    killNine(up.pid);
    await up.ended;
    up = await serve(scenario);
    await expectGoesOn(middle);
  });

  it('commands are missed by nobody: their runs go on', async () => {
    const middle = await inTheMiddle(scenario, apps);
    killNine(...[middle.dumping, middle.staging, middle.swapping].map(({ pid }) => pid));
    await middle.goOn();
    const watched = all.map(({ deployment }, index) =>
      answerOf(scenario, ['watch', `holdfast.${deployment}.${index === 0 ? 'backup' : 'restore'}`]),
    );
    for (const answer of await Promise.all(watched)) expect(answer).toHaveProperty('backup');
  });

  it('and without Temporal’s database what was begun is settled', async () => {
    const middle = await inTheMiddle(scenario, apps);
    killNine(up.pid, await agentPid(scenario), await serverPid(scenario));
    await up.ended;
    const folder = scenario.path('state', 'temporal');
    for (const name of await readdir(folder))
      if (name.startsWith('temporal.db')) await rm(scenario.path('state', 'temporal', name));
    await middle.goOn();
    up = await serve(scenario);
    await expectNothingLeft(scenario, trees, 60_000);
    expect(await apps.stage.live()).toEqual(worked.get(apps.stage));
    expect(await apps.swap.live()).toEqual(old.get(apps.swap)); // its folders were live already
    for (const command of [middle.dumping, middle.staging, middle.swapping]) {
      const { exit, error } = failureOf(await command.ended);
      expect({ exit, error }).toEqual({
        exit: 1,
        error: expect.stringMatching(/^Temporal has lost holdfast\./),
      });
    }
  });
});

describe('cancelled with Ctrl-C', () => {
  beforeEach(work);
  afterEach(expectAllWell);

  it('a dump, a staging and a swap are undone, and nothing of them is left after ten seconds', async () => {
    const before = (await answerOf<unknown[]>(scenario, ['list'])).length;
    const { dumping, staging, swapping, goOn } = await inTheMiddle(scenario, apps);
    const since = Date.now();
    for (const command of [dumping, staging]) command.kill('SIGINT');
    for (const command of [dumping, staging]) expect(await command.ended).toMatchObject({ exit: 130 });
    expect(Date.now() - since).toBeLessThan(10_000);
    swapping.kill('SIGINT');
    await swapping.says(/cancelling/);
    await goOn();
    expect(await swapping.ended).toMatchObject({ exit: 130 });
    await expectNothingLeft(scenario, trees);
    for (const app of [apps.stage, apps.swap]) expect(await app.live()).toEqual(worked.get(app));
    expect(await answerOf<unknown[]>(scenario, ['list'])).toHaveLength(before);
  });
});
