// A running application in containers, restored while somebody uses it; and everything that can go wrong with its containers
// meanwhile. In the end data and containers are all as after the restore, or all as before it.
import { existsSync } from 'node:fs';
import { chmod, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  answerOf,
  backUp,
  type Command,
  holdfast,
  type Serving,
  serve,
  startCommand,
} from '../support/scenario-commands.js';
import { failureOf } from '../support/scenario-failures.js';
import { agentPid, killAllServing, killNine } from '../support/scenario-kills.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { type Live, live } from '../support/scenario-live.js';
import { behave, putGate } from '../support/scenario-programs.js';
import { upStack } from './stack.js';
import { docker } from './support/docker.js';
import { DATABASE, fill, workOn } from './support/fill.js';
import { poll } from './support/poll.js';
import { createStackScenario } from './support/stack-scenario.js';
import { statusesOf } from './support/states.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const stack = await upStack();
await fill(stack);
const scenario = await createStackScenario(stack);
// A folder that stays shows when something was moved in it: what it holds is looked at, not the folder itself.
const trees = [`${stack.paths.media}/inner`, `${stack.paths.uploads}/inner`];
const ALL_RUN = { cache: 'running', db: 'running', web: 'running', worker: 'running' };
let up: Serving;
let backup: string;
let backedUp: Live & { media: string[] };

const now = async () => ({
  ...(await live(stack.cluster, { databases: [DATABASE], trees })),
  media: (await readdir(stack.paths.media)).filter((name) => !name.startsWith('.holdfast-')).sort(),
});
const statuses = async () => statusesOf(await stack.states());
const served = () =>
  vi.waitFor(async () => expect((await fetch(`${stack.url}/health`)).status).toBe(200), 60_000);
const restore = (...args: string[]): Command =>
  startCommand(scenario, ['restore', 'edms', backup, '--confirm', 'edms', ...args]);

beforeAll(async () => {
  up = await serve(scenario);
  backedUp = await now();
  backup = await backUp(scenario);
});

afterEach(async () => {
  await expectNothingLeft(scenario, [stack.paths.media, stack.paths.uploads], 60_000);
  await scenario.writeConfig();
  // What was paused Docker calls unhealthy until it has asked it once more.
  const again = () => stack.compose('up', '--detach', '--wait');
  await vi.waitFor(again, { timeout: 60_000, interval: 500 });
});

afterAll(async () => {
  await up.stop();
  await stack.down();
  await scenario.remove();
});

describe('a restore of a stack', () => {
  it('puts rows, large objects, media and uploads back, and its client sees it down for a moment', async () => {
    await workOn(stack);
    const client = poll(`${stack.url}/health`);
    const { exit, stderr } = await restore().ended;
    expect({ exit, stderr }).toEqual({ exit: 0, stderr });
    await served();
    const { downtimeMs, bad } = await client.stop();
    expect(bad).toBeGreaterThan(0);
    expect(downtimeMs).toBeLessThan(20_000);
    expect(await now()).toEqual(backedUp);
    expect(await statuses()).toEqual(ALL_RUN);
  });

  it('leaves stopped what was stopped, and paused what was paused', async () => {
    await stack.compose('stop', 'worker');
    await stack.compose('pause', 'web');
    await scenario.writeConfig({ health: undefined });
    expect(await restore().ended).toMatchObject({ exit: 0 });
    expect(await statuses()).toEqual({ ...ALL_RUN, web: 'paused', worker: 'exited' });
    await stack.compose('unpause', 'web');
  });

  it('leaves everything stopped that it stopped when it is asked to', async () => {
    expect(await restore('--leave-stopped').ended).toMatchObject({ exit: 0 });
    expect(await statuses()).toEqual({ ...ALL_RUN, web: 'exited', worker: 'exited' });
  });

  it('is rolled back, containers and data, when the application is not healthy afterwards', async () => {
    await workOn(stack);
    const before = await now();
    const marker = scenario.path('restored-once');
    const once = scenario.path('healthy-until-restored');
    await writeFile(once, `#!/bin/sh\ntest ! -e ${marker}\n`, { mode: 0o755 });
    await scenario.writeConfig({
      hooks: { afterRestore: [['touch', marker]] },
      health: { within: '2s', checks: [{ command: [once] }] },
    });
    const { exit, stderr } = await restore().ended;
    expect(exit).toBe(6);
    expect(stderr).toMatch(/rolled back: the restored application is not healthy: .*healthy-until-restored/);
    expect(await now()).toEqual(before);
    expect(await statuses()).toEqual(ALL_RUN);
    await served();
    await rm(marker);
  });

  it('leaves the folder itself to a container that goes on running', async () => {
    await workOn(stack);
    await scenario.writeConfig({ services: [{ compose: { project: stack.project, services: ['web'] } }] });
    expect(await restore().ended).toMatchObject({ exit: 0 });
    const file = 'inner/file 7';
    const seen = await stack.compose('exec', '--no-TTY', 'worker', 'cat', `/data/media/${file}`);
    expect(seen).toBe('file 7');
    await writeFile(`${stack.paths.media}/seen-by-both`, 'yes');
    expect(await stack.compose('exec', '--no-TTY', 'worker', 'cat', '/data/media/seen-by-both')).toBe('yes');
    await rm(`${stack.paths.media}/seen-by-both`);
  });

  it('goes on with a container that was created again under a new id meanwhile', async () => {
    const { hook, reached, open } = await heldHook();
    await scenario.writeConfig({ hooks: { afterRestore: [[hook]] } });
    const before = await stack.container('web');
    const restoring = restore();
    await reached();
    await stack.compose('up', '--no-start', '--force-recreate', '--no-deps', 'web');
    await open();
    expect(await restoring.ended).toMatchObject({ exit: 0 });
    expect(await stack.container('web')).not.toBe(before);
    expect(await statuses()).toEqual(ALL_RUN);
    expect(await now()).toEqual(backedUp);
  });
});

describe('an agent that is killed', () => {
  it('while services are stopped is followed by one that finishes: they run again', async () => {
    await workOn(stack);
    const { hook, reached, open } = await heldHook();
    await scenario.writeConfig({ hooks: { afterRestore: [[hook]] } });
    const restoring = restore();
    await reached();
    expect(await statuses()).toEqual({ ...ALL_RUN, web: 'exited', worker: 'exited' });
    killNine(await agentPid(scenario));
    await open();
    expect(await restoring.ended).toMatchObject({ exit: 0 });
    expect(await statuses()).toEqual(ALL_RUN);
    expect(await now()).toEqual(backedUp);
  });

  it('with everything else while services are stopped is followed by one that settles it', async () => {
    const { hook, reached, open } = await heldHook();
    await scenario.writeConfig({ hooks: { afterRestore: [[hook]] } });
    const restoring = restore();
    await reached();
    await killAllServing(scenario, up);
    await open();
    up = await serve(scenario);
    await restoring.ended;
    await vi.waitFor(async () => expect(await statuses()).toEqual(ALL_RUN), 70_000);
    expect(await now()).toEqual(backedUp);
  });

  it('while services are paused leaves them paused no longer than is allowed', async () => {
    const services = [
      { compose: { project: stack.project, services: ['web', 'worker'] }, duringBackup: 'pause' },
    ];
    await scenario.writeConfig({ services, maxPause: '3s' });
    const gate = await putGate(scenario, 'tar', { argument: '--create', waits: 'output' });
    const backingUp = startCommand(scenario, ['backup', 'edms']);
    await gate.reached();
    expect(await statuses()).toEqual({ ...ALL_RUN, web: 'paused', worker: 'paused' });
    const since = Date.now();
    await killAllServing(scenario, up);
    await vi.waitFor(async () => expect(await statuses()).toEqual(ALL_RUN), 60_000);
    expect(Date.now() - since).toBeLessThan(6_000);
    await gate.open();
    await behave(scenario);
    up = await serve(scenario);
    await backingUp.ended;
  });
});

describe('a backup with its services paused', () => {
  it('shows one moment, and says how long they were', async () => {
    const services = [
      { compose: { project: stack.project, services: ['web', 'worker'] }, duringBackup: 'pause' },
    ];
    await scenario.writeConfig({ services });
    const made = await backUp(scenario);
    const manifest = await answerOf(scenario, ['show', 'edms', made]);
    expect(manifest).toMatchObject({ consistency: 'same-moment', gapMs: 0 });
    expect(manifest.pausedMs).toBeGreaterThan(0);
    expect(await statuses()).toEqual(ALL_RUN);
  });
});

describe('is refused before anything is stopped', () => {
  const refused = async (overrides: Record<string, unknown>, said: RegExp, ...args: string[]) => {
    await scenario.writeConfig(overrides);
    const before = await stack.states();
    const ended = await restore(...args).ended;
    expect(ended.exit).not.toBe(0);
    expect(failureOf(ended).error).toMatch(said);
    expect(await stack.states()).toEqual(before);
  };
  const compose = (project: string, service: string) => [{ compose: { project, services: [service] } }];

  it('when there is no such project, service, container or volume', async () => {
    await refused({ services: compose('edsm-of-nobody', 'web') }, /edsm-of-nobody/);
    await refused({ services: compose(stack.project, 'wbe') }, /wbe.*\n?.*web/s);
    await refused({ services: [{ container: 'nobody-1' }] }, /nobody-1/);
    await refused({ files: { media: { volume: 'of-nobody' } } }, /of-nobody/);
  });

  it('when a container that would go on running mounts a part of a tree', async () => {
    const services = compose(stack.project, 'web');
    await refused(
      { services, files: { media: stack.folder, uploads: { volume: stack.volumes.uploads } } },
      /worker-1 mounts a part of files media/,
    );
  });

  it('when a hook is not there', async () => {
    await refused({ hooks: { afterRestore: [['/srv/nobody']] } }, /\/srv\/nobody/);
  });

  it('when a folder that a container mounts is missing: Docker would start it with an empty one', async () => {
    const aside = `${stack.paths.media}-aside`;
    await rename(stack.paths.media, aside);
    try {
      await refused({}, /media, which is not there/, '--only', 'database');
    } finally {
      await rm(stack.paths.media, { recursive: true, force: true });
      await rename(aside, stack.paths.media);
    }
  });

  it('when the engine does not answer', async () => {
    const other = startCommand(scenario, ['doctor', 'edms'], {
      env: { DOCKER_HOST: 'unix:///nowhere.sock' },
    });
    const { exit, stdout } = await other.ended;
    expect(exit).toBe(1);
    expect(stdout).toMatch(/engine/i);
  });

  it('says doctor of a health check that can never pass', async () => {
    await scenario.writeConfig({ health: { checks: [{ command: ['/srv/nobody'] }] } });
    const { exit, stdout } = await holdfast(scenario, ['doctor', 'edms']);
    expect(exit).toBe(1);
    expect(stdout).toMatch(/\/srv\/nobody/);
  });
});

it('tells that another image runs than the one that made the backup', async () => {
  const run = docker();
  const image = (await stack.states()).web?.image ?? '';
  const built = await run('commit', '--change', 'LABEL other=1', await stack.container('web'));
  const other = `${stack.project}-other:1`;
  await run('tag', built, other);
  await writeFile(`${stack.folder}/other.yaml`, `services: { web: { image: "${other}" } }\n`);
  await stack.compose('-f', `${stack.folder}/other.yaml`, 'up', '--detach', '--no-deps', '--wait', 'web');
  expect((await stack.states()).web?.image).not.toBe(image);
  const { exit, stderr } = await restore().ended;
  expect({ exit, stderr }).toEqual({ exit: 0, stderr });
  expect(stderr).toMatch(/web ran .* and runs .*-other:1 .* now/);
  expect(stderr).toMatch(/roll the image back first/);
  await stack.compose('up', '--detach', '--no-deps', '--wait', 'web');
  await run('rmi', '--force', other);
});

/** A hook that says that it has begun and waits until it may end. */
const heldHook = async () => {
  const hook = scenario.path('held-hook');
  const begun = scenario.path('hook-begun');
  const over = scenario.path('hook-over');
  for (const path of [begun, over]) await rm(path, { force: true });
  await writeFile(hook, `#!/bin/sh\ntouch ${begun}\nuntil test -e ${over}; do sleep 0.05; done\n`);
  await chmod(hook, 0o755);
  return {
    hook,
    reached: () => vi.waitFor(() => expect(existsSync(begun)).toBe(true), { timeout: 60_000, interval: 20 }),
    open: () => writeFile(over, ''),
  };
};
