// Between any two effects of backup, restore, undo, roll-back and settle the agent is killed × what happens then.
// The live data is all old or all new, every listed backup restores, and nothing is left behind.
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { listBackups } from '../../src/catalog/catalog.js';
import { listKept } from '../../src/operations/kept.js';
import type { CrashPoint, Death } from '../support/crash-agent.js';
import { inPlaceWorld } from '../support/crash-in-place.js';
import { guardsOf } from '../support/crash-services.js';
import { type CrashStage, openCrashStage } from '../support/crash-stage.js';
import { type CrashWorld, createWorld, DEPLOYMENT, makeNothing, makeOld } from '../support/crash-world.js';

interface Flow {
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

const stage = await openCrashStage();
afterAll(() => stage.close());

const oldWorld = async ({ cluster, golden }: CrashStage): Promise<CrashWorld> => {
  const world = await createWorld(cluster, golden);
  await makeOld(cluster, world);
  return world;
};

/** With services, one of them stopped before. */
const servedWorld = async ({ cluster, golden }: CrashStage): Promise<CrashWorld> => {
  const world = await createWorld(cluster, golden, { services: true });
  await makeOld(cluster, world);
  return world;
};

const restored = async (given: CrashStage): Promise<CrashWorld> => {
  const world = await oldWorld(given);
  await given.run(world, 'restore', { confirm: given.confirm });
  return world;
};

/** A restore whose agent died after that effect and whose run was terminated. */
const interrupted =
  (effect: string, worldOf = oldWorld, input: object = {}) =>
  async (given: CrashStage): Promise<CrashWorld> => {
    const world = await worldOf(given);
    let handle: WorkflowHandle | undefined;
    const andThen = async () => void (await handle?.terminate());
    const agents = await given.agentsOf(world, [{ point: { effect, nth: 1, when: 'after' }, andThen }]);
    handle = await given.start('restore', { confirm: given.confirm, ...input }, agents);
    await agents.crashed;
    return world;
  };

const SWAPPED_FOLDER = 'move the live storage aside';
const COMMITTED = 'commit the renamed databases';
const STOPS = /^stop command /;
const none = () => [];
const cancelledAfter =
  (effect: string) =>
  (handle: () => WorkflowHandle): Death[] => [
    { point: { effect, nth: 1, when: 'after' }, andThen: async () => void (await handle().cancel()) },
  ];
const cancelledAfterCommit = cancelledAfter(COMMITTED);
const RESTORED_IN_PLACE = 'restore main in place';
const IN_PLACE = { mode: 'in-place', only: ['database'] };
const inPlace = { run: 'restore' as const, input: { confirm: stage.confirm, ...IN_PLACE } };
const restore = { run: 'restore' as const, input: { confirm: stage.confirm } };

const FLOWS: Flow[] = [
  {
    name: 'restore without services',
    ...restore,
    live: ['old', 'new'],
    retried: 'new',
    to: /^close the live database$/,
    prepare: oldWorld,
    before: none,
  },
  {
    name: 'restore where nothing is left',
    ...restore,
    live: ['nothing', 'new'],
    retried: 'new',
    // Staging is the same whatever is live.
    from: /^write the operation record$/,
    prepare: async ({ cluster, golden }) => {
      const world = await createWorld(cluster, golden);
      await makeNothing(cluster, world);
      return world;
    },
    before: none,
  },
  {
    name: 'undo',
    run: 'restore',
    input: { backup: 'previous', confirm: stage.confirm },
    live: ['old', 'new'],
    retried: 'old',
    prepare: restored,
    before: none,
  },
  {
    name: 'drill',
    run: 'drill',
    input: {},
    live: ['old'],
    retried: 'old',
    prepare: oldWorld,
    before: none,
  },
  {
    name: 'settle back',
    run: 'settle',
    input: {},
    live: ['old'],
    retried: 'old',
    prepare: interrupted(SWAPPED_FOLDER),
    before: none,
  },
  {
    name: 'backup with services that are stopped meanwhile',
    run: 'backup',
    input: {},
    live: ['new'],
    retried: 'new',
    prepare: ({ cluster }) => createWorld(cluster, null, { services: true }),
    before: none,
  },
  {
    name: 'restore with services',
    ...restore,
    live: ['old', 'new'],
    retried: 'new',
    from: STOPS,
    prepare: servedWorld,
    before: none,
  },
  {
    name: 'roll-back with services',
    ...restore,
    live: ['old', 'new'],
    retried: 'old',
    prepare: servedWorld,
    before: cancelledAfterCommit,
  },
  {
    name: 'settle forward with services',
    run: 'settle',
    input: {},
    live: ['new'],
    retried: 'new',
    prepare: interrupted(COMMITTED, servedWorld),
    before: none,
  },
  {
    name: 'restore in place',
    ...inPlace,
    live: ['old', 'new'],
    retried: 'new',
    from: STOPS,
    prepare: inPlaceWorld,
    before: none,
  },
  {
    name: 'roll-back of a restore in place',
    ...inPlace,
    live: ['old', 'new'],
    retried: 'old',
    prepare: inPlaceWorld,
    before: cancelledAfter(RESTORED_IN_PLACE),
  },
  {
    name: 'settle forward of a restore in place',
    run: 'settle',
    input: {},
    live: ['new'],
    retried: 'new',
    prepare: interrupted(RESTORED_IN_PLACE, inPlaceWorld, IN_PLACE),
    before: none,
  },
];

const SEQUELS = ['retried', 'cancelled', 'terminated', 'Temporal’s database lost'] as const;

/** Effects in the order of a run in which the table's agent does not die. */
const effectsOf = async (flow: Flow): Promise<CrashPoint[]> => {
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

const bothSides = (names: readonly string[]): CrashPoint[] => {
  const counted = names.map((effect, index) => ({
    effect,
    nth: names.slice(0, index + 1).filter((name) => name === effect).length,
  }));
  return counted.flatMap((point) => [
    { ...point, when: 'before' as const },
    { ...point, when: 'after' as const },
  ]);
};

/**
 * Killed after one effect or before the next one, the world is the same: there each sequel is tried once, half of them on
 * either side. HOLDFAST_CRASH_POINTS=all tries every sequel on both sides, which takes twice as long; `half` tries two of the
 * four at each point, in turn.
 */
const pointsFor = (sequel: (typeof SEQUELS)[number], points: readonly CrashPoint[]): CrashPoint[] =>
  points.filter(({ when }, index) => {
    const turn = Math.ceil(index / 2) + SEQUELS.indexOf(sequel);
    if (process.env.HOLDFAST_CRASH_POINTS === 'all') return true;
    if (process.env.HOLDFAST_CRASH_POINTS === 'half' && turn % 4 > 1) return false;
    return when === (turn % 2 === 0 ? 'after' : 'before');
  });

const started = (handle: WorkflowHandle | undefined): WorkflowHandle => {
  if (handle === undefined) throw new Error('the run has not started');
  return handle;
};

for (const flow of FLOWS) {
  const points = await effectsOf(flow);
  describe.concurrent(flow.name, () => {
    for (const sequel of SEQUELS) {
      it.for(pointsFor(sequel, points))(
        `holds when the agent is killed $when “$effect” ($nth), then ${sequel}`,
        async (point) => {
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
          await vi.waitFor(async () => expect(await guardsOf(world.folder)).toEqual([]), { timeout: 5_000 });
          expect({
            live: flow.live.includes(live) ? 'fine' : live,
            left: await world.leftovers(),
            said,
          }).toMatchObject({ live: 'fine', left: [] });
          if (sequel === 'retried') expect(live).toBe(flow.retried);
          await everyBackupRestores(flow, world);
          await world.remove();
        },
      );
    }
  });
}

/** The sweep is the agent's own: it has no run that could be retried or cancelled, only a next time. */
const inThreeDays = () => new Date(Date.now() + 3 * 24 * 3_600_000);

const sweepPoints = async (): Promise<CrashPoint[]> => {
  const world = await restored(stage);
  const agents = await stage.agentsOf(world);
  await stage.settle(agents, { now: inThreeDays });
  await world.remove();
  return bothSides(agents.seen);
};

describe.concurrent('sweep', async () => {
  it.for(await sweepPoints())(
    'holds when the agent is killed $when “$effect” ($nth), then sweeps again',
    async (point) => {
      const world = await restored(stage);
      const agents = await stage.agentsOf(world, [{ point, andThen: async () => undefined }]);
      await stage.settle(agents, { now: inThreeDays });
      await agents.crashed;
      for (let sweeps = 0; sweeps < 2; sweeps += 1) await stage.settle(agents, { now: inThreeDays });
      expect({ live: await world.live(), left: await world.leftovers() }).toEqual({ live: 'new', left: [] });
      expect(await listKept(world.config.state, DEPLOYMENT)).toEqual([]);
      await world.remove();
    },
  );
});

const everyBackupRestores = async (flow: Flow, world: CrashWorld): Promise<void> => {
  if (flow.run !== 'backup') return;
  for (const { id, problem } of await listBackups(world.config)) {
    expect(problem).toBe('');
    await makeOld(stage.cluster, world);
    await stage.run(world, 'restore', { backup: id, confirm: `${DEPLOYMENT}@${id}` });
    expect(await world.live()).toBe('new');
  }
};
