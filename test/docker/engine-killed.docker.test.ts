// The Docker engine is killed and starts again in the middle of a restore, while services are stopped: what it brings up by
// itself, what it leaves down. In the end everything is restored, or everything is as it was; never a part of both.
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { backUp, type Command, type Serving, serve, startCommand } from '../support/scenario-commands.js';
import { failureOf } from '../support/scenario-failures.js';
import { killAllServing } from '../support/scenario-kills.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { type Live, live } from '../support/scenario-live.js';
import { upStack } from './stack.js';
import { engineOfOwn } from './support/engine-of-own.js';
import { DATABASE, fill, workOn } from './support/fill.js';
import { createStackScenario } from './support/stack-scenario.js';
import { statusesOf } from './support/states.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });
const engine = await engineOfOwn();
const stack = await upStack(engine.host);
await fill(stack);
const scenario = await createStackScenario(stack);
// A volume's own folder stays, and shows when something was moved in it.
const trees = [stack.paths.media, `${stack.paths.uploads}/inner`];
const ALL_RUN = { cache: 'running', db: 'running', web: 'running', worker: 'running' };
const env = { DOCKER_HOST: engine.host };
const hook = scenario.path('held-hook');
const begun = scenario.path('hook-begun');
const over = scenario.path('hook-over');
let up: Serving;
let backup: string;
let backedUp: Live;

const now = () => live(stack.cluster, { databases: [DATABASE], trees });
const statuses = async () => statusesOf(await stack.states());
const become = (wanted: Record<string, string>) =>
  vi.waitFor(async () => expect(await statuses()).toMatchObject(wanted), { timeout: 60_000, interval: 250 });
const reached = () =>
  vi.waitFor(() => expect(existsSync(begun)).toBe(true), { timeout: 60_000, interval: 20 });

const configure = async ({ within }: { within: string }): Promise<void> => {
  const { user, password } = scenario.appDatabase();
  const container = { compose: { project: stack.project, service: 'db' } };
  await scenario.writeConfig({
    database: { container, name: DATABASE, user, password },
    hooks: { afterRestore: [[hook]] },
    health: { within, checks: [{ http: { url: `${stack.url}/health`, status: 200 } }] },
  });
};

beforeAll(async () => {
  await writeFile(hook, `#!/bin/sh\ntouch ${begun}\nuntil test -e ${over}; do sleep 0.05; done\n`, {
    mode: 0o755,
  });
  await configure({ within: '5s' });
  up = await serve(scenario, { env });
  backedUp = await now();
  backup = await backUp(scenario);
});

afterEach(() => expectNothingLeft(scenario, [stack.paths.media, stack.paths.uploads], 60_000));

afterAll(async () => {
  await up.stop();
  await stack.down();
  await scenario.remove();
  await engine.release();
});

/** A restore that is held after its swap, before its services are started. */
const heldRestore = async (): Promise<Command> => {
  for (const path of [begun, over]) await rm(path, { force: true });
  const restoring = startCommand(scenario, ['restore', 'edms', backup, '--confirm', 'edms']);
  await reached();
  expect(await statuses()).toEqual({ ...ALL_RUN, web: 'exited', worker: 'exited' });
  // A server that is killed may skip some values of a sequence, unless they are in its files already.
  await stack.cluster.query('postgres', 'checkpoint');
  return restoring;
};

it('without its database the restore is not healthy, and is rolled back as soon as somebody starts that again', async () => {
  await workOn(stack);
  const worked = await now();
  const restoring = await heldRestore();
  await engine.kill();
  await expect(statuses()).rejects.toThrow(/Cannot connect to the Docker daemon/);
  await engine.restart();
  await become({ cache: 'exited', db: 'exited', web: 'exited', worker: 'running' });
  await writeFile(over, '');
  await restoring.says(/roll back operation: container \S+-db-1 is stopped/, 60_000);
  await stack.compose('start', 'db', 'cache');
  const ended = await restoring.ended;
  expect(ended.exit).toBe(6);
  expect(failureOf(ended).error).toMatch(/^rolled back: /);
  await become(ALL_RUN);
  expect(await now()).toEqual(worked);
});

it('with the agent, as a reboot does, it is finished once the database runs: what came up by itself is stopped first', async () => {
  await configure({ within: '60s' });
  await workOn(stack);
  const restoring = await heldRestore();
  await Promise.all([killAllServing(scenario, up), engine.kill()]);
  await rm(begun);
  await engine.restart();
  await become({ db: 'exited', worker: 'running' });
  up = await serve(scenario, { env });
  await stack.compose('start', 'db', 'cache');
  await reached();
  expect(await statuses()).toEqual({ ...ALL_RUN, web: 'exited', worker: 'exited' });
  await writeFile(over, '');
  const { exit, stderr } = await restoring.ended;
  expect(exit, stderr).toBe(0);
  await become(ALL_RUN);
  expect(await now()).toEqual(backedUp);
});
