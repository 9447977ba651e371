// Services that are stopped while a backup is made: one moment's backup when all went well, and a dead man's switch that starts
// them again when not.
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import {
  answerOf,
  backUp,
  restore,
  type Serving,
  serve,
  startCommand,
} from '../support/scenario-commands.js';
import { killAllServing, killNine, loseTemporalDatabase } from '../support/scenario-kills.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { programsOf } from '../support/scenario-processes.js';
import { behave, type Gate, putGate } from '../support/scenario-programs.js';
import { AS_BEFORE, createServices, mark, type Services } from '../support/scenario-services.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const MAX_PAUSE_MS = 4_000;
const cluster = await startCluster();
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
const services: Record<'long' | 'short' | 'keeps', Services> = {
  long: await createServices(scenario, 'long'),
  short: await createServices(scenario, 'short'),
  keeps: await createServices(scenario, 'keeps', 'keep'),
};
let up: Serving;
const trees: string[] = [];

beforeAll(async () => {
  for (const [name, { settings }] of Object.entries(services)) {
    const maxPause = name === 'short' ? `${MAX_PAUSE_MS / 1000}s` : '1m';
    const app = await application(name, { settings: { ...settings, maxPause } });
    trees.push(...app.trees);
    await mark(scenario, name);
  }
  up = await serve(scenario);
});

afterEach(() => expectNothingLeft(scenario, trees, 60_000));
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const manifestOf = (name: string, backup: string) => answerOf(scenario, ['show', name, backup]);

/** A backup of `short` whose archive is held up while its services are stopped. */
const heldUp = async (): Promise<{ gate: Gate; backup: ReturnType<typeof startCommand>; since: number }> => {
  const gate = await putGate(scenario, 'tar', { argument: '--create', waits: 'output' });
  const backup = startCommand(scenario, ['backup', 'short', '--json']);
  await gate.reached();
  const since = Date.now();
  expect(await services.short.states()).toEqual({ ...AS_BEFORE, api: 'stopped', web: 'stopped' });
  return { gate, backup, since };
};

describe('a backup whose services are stopped meanwhile', () => {
  it('shows the same moment, and says how long they were', async () => {
    const backup = await backUp(scenario, 'long');
    expect(await services.long.states()).toEqual(AS_BEFORE);
    const manifest = await manifestOf('long', backup);
    expect(manifest).toMatchObject({ consistency: 'same-moment', gapMs: 0 });
    expect(manifest.pausedMs).toBeGreaterThan(0);
    await restore(scenario, backup, 'long');
    expect(await services.long.states()).toEqual(AS_BEFORE);
  });

  it('is one of a running application when one of them is kept', async () => {
    const backup = await backUp(scenario, 'keeps');
    expect(await services.keeps.states()).toEqual(AS_BEFORE);
    expect(await manifestOf('keeps', backup)).toMatchObject({ consistency: 'live' });
  });

  it('is one of a running application when it takes too long: they are started meanwhile', async () => {
    const { gate, backup, since } = await heldUp();
    await services.short.become(AS_BEFORE, MAX_PAUSE_MS + 5_000);
    expect(Date.now() - since).toBeLessThan(MAX_PAUSE_MS + 2_000);
    await gate.open();
    const { exit, stdout, stderr } = await backup.ended;
    expect({ exit, stderr }).toEqual({ exit: 0, stderr });
    expect(await manifestOf('short', JSON.parse(stdout).backup)).toMatchObject({ consistency: 'live' });
    expect(await services.short.states()).toEqual(AS_BEFORE);
    await behave(scenario);
  });

  it('and that dies with its agent leaves them stopped no longer, although no agent lives', async () => {
    const { backup, since } = await heldUp();
    await killAllServing(scenario, up);
    await services.short.become(AS_BEFORE, MAX_PAUSE_MS + 5_000);
    expect(Date.now() - since).toBeLessThan(MAX_PAUSE_MS + 2_000);
    await behave(scenario);
    await loseTemporalDatabase(scenario);
    up = await serve(scenario);
    expect(await backup.ended).toMatchObject({ exit: 1 });
  });

  it('and that dies with its agent and its guard, as a host does, leaves them stopped no longer than the next agent allows', async () => {
    const { gate, backup } = await heldUp();
    await killAllServing(scenario, up);
    const guards = (await programsOf(scenario.user)).filter(({ words }) => words.includes('dist/guard.js'));
    expect(guards).toHaveLength(1);
    killNine(...guards.map(({ pid }) => pid));
    up = await serve(scenario);
    await services.short.become(AS_BEFORE, MAX_PAUSE_MS + 5_000);
    await gate.open();
    await backup.ended;
    await behave(scenario);
  });
});
