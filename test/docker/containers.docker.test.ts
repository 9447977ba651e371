// A database in a container, backed up and restored from the outside: by this host's client, and by sidecars where this host
// has none that fits. Whatever is killed or cancelled in the middle, nothing of a sidecar is left.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { HowToRun } from '../support/scenario-commands.js';
import {
  answerOf,
  backUp,
  restore,
  type Serving,
  serve,
  startCommand,
} from '../support/scenario-commands.js';
import { agentPid, killNine } from '../support/scenario-kills.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { type Live, live } from '../support/scenario-live.js';
import { upStack } from './stack.js';
import { docker } from './support/docker.js';
import { DATABASE, fill, workOn } from './support/fill.js';
import { noteSidecars } from './support/sidecar-calls.js';
import { createStackScenario } from './support/stack-scenario.js';
import { statusesOf } from './support/states.js';
import { putStreamGate } from './support/stream-gate.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const stack = await upStack();
await fill(stack);
const scenario = await createStackScenario(stack);
const sidecars = await noteSidecars(scenario);
// A volume's own folder stays, and shows when something was moved in it.
const trees = [stack.paths.media, `${stack.paths.uploads}/inner`];
const ALL_RUN = { cache: 'running', db: 'running', web: 'running', worker: 'running' };
let up: Serving;
let backedUp: Live;

const now = () => live(stack.cluster, { databases: [DATABASE], trees });
const instance = async (): Promise<string> =>
  JSON.parse(await readFile(join(scenario.state, 'instance.json'), 'utf8')).instance;
const left = async (): Promise<string> =>
  docker()('ps', '--all', '--quiet', '--filter', `label=holdfast.instance=${await instance()}`);
const nothingLeft = async (withinMs?: number): Promise<void> => {
  await expectNothingLeft(scenario, [stack.paths.media, stack.paths.uploads], withinMs);
  await vi.waitFor(async () => expect(await left()).toBe(''), { timeout: 60_000, interval: 250 });
};

/** The agent dies while a sidecar works; what goes on afterwards is another sidecar's work. */
const killAt = async (gate: Awaited<ReturnType<typeof putStreamGate>>): Promise<void> => {
  await gate.reached();
  const before = await left();
  expect(before).not.toBe('');
  killNine(await agentPid(scenario));
  const gone = async () => expect(await left()).not.toContain(before);
  await vi.waitFor(gone, { timeout: 60_000, interval: 250 });
  await gate.open();
};

beforeAll(async () => {
  const { user, password } = scenario.appDatabase();
  const container = { compose: { project: stack.project, service: 'db' } };
  await scenario.writeConfig({ database: { container, name: DATABASE, user, password } });
  backedUp = await now();
});

afterAll(async () => {
  await stack.down();
  await scenario.remove();
});

/** It is live again as it was backed up, and every container runs. */
const expectRestored = async (): Promise<void> => {
  expect(await now()).toEqual(backedUp);
  expect(statusesOf(await stack.states())).toEqual(ALL_RUN);
};

describe('with a client on this host that fits', () => {
  beforeAll(async () => {
    up = await serve(scenario);
  });
  afterAll(() => up.stop());

  it('it is dumped and restored through its address, and no sidecar runs', async () => {
    const backup = await backUp(scenario);
    await workOn(stack);
    expect(await now()).not.toEqual(backedUp);
    await restore(scenario, backup);
    await expectRestored();
    expect(await sidecars.taken()).toEqual([]);
    await nothingLeft();
  });
});

describe('with none', () => {
  let backup: string;
  beforeAll(async () => {
    up = await serve(scenario, withoutClients());
    backup = await backUp(scenario);
  });
  afterEach(async () => {
    await nothingLeft(60_000);
    for (const name of ['cat', 'cat.open', 'cat.reached', 'cat.next'])
      await rm(join(scenario.programs, name), { force: true });
    await sidecars.taken();
  });
  afterAll(() => up.stop());

  it('sidecars of its own image dump it and restore it', async () => {
    await workOn(stack);
    await restore(scenario, await backUp(scenario));
    expect(await sidecars.taken()).toEqual(expect.arrayContaining(['pg_dumpall', 'pg_dump', 'pg_restore']));
    await restore(scenario, backup);
    await expectRestored();
  });

  it('a dump whose agent is killed goes on with a sidecar of the next one', async () => {
    const gate = await putStreamGate(scenario, 'writing');
    const dumping = startCommand(scenario, ['backup', 'edms', '--json']);
    await killAt(gate);
    const { exit, stdout, stderr } = await dumping.ended;
    expect({ exit, stderr }).toEqual({ exit: 0, stderr });
    await workOn(stack);
    await restore(scenario, JSON.parse(stdout).backup);
    await expectRestored();
  });

  it('a restore whose agent is killed goes on with a sidecar of the next one', async () => {
    await workOn(stack);
    const gate = await putStreamGate(scenario, 'reading');
    const restoring = startCommand(scenario, ['restore', 'edms', backup, '--confirm', 'edms']);
    await killAt(gate);
    const { exit, stderr } = await restoring.ended;
    expect({ exit, stderr }).toEqual({ exit: 0, stderr });
    await expectRestored();
  });

  it('a dump and a restore that are cancelled leave nothing after ten seconds', async () => {
    const before = (await answerOf<unknown[]>(scenario, ['list'])).length;
    for (const [direction, args] of [
      ['writing', ['backup', 'edms']],
      ['reading', ['restore', 'edms', backup, '--confirm', 'edms']],
    ] as const) {
      const gate = await putStreamGate(scenario, direction);
      const command = startCommand(scenario, args);
      await gate.reached();
      expect(await left()).not.toBe('');
      const since = Date.now();
      command.kill('SIGINT');
      expect(await command.ended).toMatchObject({ exit: 130 });
      await nothingLeft();
      expect(Date.now() - since).toBeLessThan(10_000);
      await rm(join(scenario.programs, 'cat.reached'));
    }
    expect(await answerOf<unknown[]>(scenario, ['list'])).toHaveLength(before);
    await expectRestored();
  });

  it('a sidecar that outlived its operation is ended by the next agent', async () => {
    const labels = [`holdfast.instance=${await instance()}`, 'holdfast.operation=ffffffffff'];
    const image = String(process.env.STACK_IMAGE);
    const run = ['run', '--detach', '--rm', ...labels.map((label) => `--label=${label}`)];
    await docker()(...run, '--entrypoint=sleep', image, '600');
    expect(await left()).not.toBe('');
    killNine(await agentPid(scenario));
    await vi.waitFor(async () => expect(await left()).toBe(''), { timeout: 60_000, interval: 250 });
  });
});

/** No PostgreSQL client where packages put it; Debian's wrapper of them finds none. Root only: it hides a folder from itself. */
const withoutClients = (): HowToRun => {
  const hide = 'mount -t tmpfs none /usr/lib/postgresql && exec "$@"';
  return { prefix: ['unshare', '--mount', 'sh', '-c', hide, 'hidden'] };
};
