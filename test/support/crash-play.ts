// One row of the table of crash points: what runs, where its agent is killed, what happens then, and what must hold.
import type { WorkflowHandle } from '@temporalio/client';
import { expect, vi } from 'vitest';
import { listBackups } from '../../src/catalog/catalog.js';
import type { CrashPoint, Death } from './crash-agent.js';
import { DEPLOYMENT } from './crash-look.js';
import { guardsOf } from './crash-services.js';
import type { CrashStage } from './crash-stage.js';
import { type CrashWorld, makeOld } from './crash-world.js';

export interface Flow {
  name: string;
  run: 'backup' | 'restore' | 'drill' | 'settle';
  input: object;
  /** What may be live in the end, whatever happens. */
  live: string[];
  /** What must be live when the run was only interrupted and went on. */
  retried: string;
  prepare: (stage: CrashStage) => Promise<CrashWorld>;
  /** Effects before this one are another flow's. */
  from?: RegExp;
  /** Effects after this one are another flow's. */
  to?: RegExp;
  /** Deaths that come before the one of the table. */
  before: (handle: () => WorkflowHandle) => Death[];
}

export const SEQUELS = ['retried', 'cancelled', 'terminated', 'Temporal’s database lost'] as const;
export type Sequel = (typeof SEQUELS)[number];

/** Effects in the order of a run in which the table's agent does not die. */
export const effectsOf = async (stage: CrashStage, flow: Flow): Promise<CrashPoint[]> => {
  const world = await flow.prepare(stage);
  let handle: WorkflowHandle | undefined;
  const deaths = flow.before(() => started(handle));
  const agents = await stage.agentsOf(world, deaths);
  handle = await stage.start(flow.run, flow.input, agents);
  const before = deaths.length > 0 ? agents.crashed.then(() => agents.seen.length) : Promise.resolve(0);
  await handle.result().catch(() => undefined);
  const names = agents.seen.slice(await before);
  await world.remove();
  const index = (effect: RegExp): number => names.findLastIndex((name) => effect.test(name));
  const first = flow.from === undefined ? 0 : index(flow.from);
  const last = flow.to === undefined ? names.length - 1 : index(flow.to);
  return bothSides(names).slice(2 * first, 2 * last + 2);
};

export const bothSides = (names: readonly string[]): CrashPoint[] => {
  const counted = names.map((effect, index) => ({
    effect,
    nth: names.slice(0, index + 1).filter((name) => name === effect).length,
  }));
  return counted.flatMap((point) => [
    { ...point, when: 'before' as const },
    { ...point, when: 'after' as const },
  ]);
};

const started = (handle: WorkflowHandle | undefined): WorkflowHandle => {
  if (handle === undefined) throw new Error('the run has not started');
  return handle;
};

/** The agent is killed at that point, then the sequel: the live data is all old or all new, and nothing is left behind. */
export const playCrash = async (
  stage: CrashStage,
  flow: Flow,
  { point, sequel }: { point: CrashPoint; sequel: Sequel },
): Promise<void> => {
  const world = await flow.prepare(stage);
  let handle: WorkflowHandle | undefined;
  const ends = {
    retried: async () => undefined,
    cancelled: () => started(handle).cancel(),
    terminated: () => started(handle).terminate(),
    'Temporal’s database lost': () => started(handle).terminate(),
  };
  const last = { point, andThen: async () => void (await ends[sequel]().catch(() => undefined)) };
  const agents = await stage.agentsOf(world, [...flow.before(() => started(handle)), last]);
  handle = await stage.start(flow.run, flow.input, agents);
  await agents.crashed;
  await handle.result().catch(() => undefined);
  const said = await stage.settle(agents, { forgetful: sequel === 'Temporal’s database lost' });
  const live = await world.live();
  await vi.waitFor(async () => expect(await guardsOf(world.folder)).toEqual([]), { timeout: 60_000 });
  // What is noted goes on to the repositories in the background, where they take longer.
  await vi
    .waitFor(async () => expect(await world.leftovers()).toEqual([]), { timeout: 20_000, interval: 200 })
    .catch(() => undefined);
  expect({
    live: flow.live.includes(live) ? 'fine' : live,
    left: await world.leftovers(),
    said,
  }).toMatchObject({ live: 'fine', left: [] });
  if (sequel === 'retried') expect(live).toBe(flow.retried);
  await everyBackupRestores(stage, flow, world);
  await world.remove();
};

const everyBackupRestores = async (stage: CrashStage, flow: Flow, world: CrashWorld): Promise<void> => {
  if (flow.run !== 'backup') return;
  for (const { id, problem } of await listBackups(world.config)) {
    expect(problem).toBe('');
    await makeOld(stage.cluster, world);
    await stage.run(world, 'restore', { backup: id, confirm: `${DEPLOYMENT}@${id}` });
    expect(await world.live()).toBe('new');
  }
};
