// Between any two effects of backup, restore, undo, roll-back and settle the agent is killed × what happens then.
// The live data is all old or all new, every listed backup restores, and nothing is left behind.
import type { WorkflowHandle } from '@temporalio/client';
import { afterAll, describe, expect, it } from 'vitest';
import { listKept } from '../../src/operations/swap/kept.js';
import type { CrashPoint, Death } from '../support/crash-agent.js';
import { inPlaceWorld } from '../support/crash-in-place.js';
import { DEPLOYMENT } from '../support/crash-look.js';
import { bothSides, effectsOf, type Flow, playCrash, SEQUELS, type Sequel } from '../support/crash-play.js';
import { type CrashStage, openCrashStage } from '../support/crash-stage.js';
import { type CrashWorld, createWorld, makeNothing, makeOld } from '../support/crash-world.js';

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

/**
 * Killed after one effect or before the next one, the world is the same: there each sequel is tried once, half of them on
 * either side. HOLDFAST_CRASH_POINTS=all tries every sequel on both sides, which takes twice as long; `half` tries two of the
 * four at each point, `quarter` one, in turn, `eighth` one at every other point, and `sixteenth` one at every fourth.
 */
const HOW_MANY = process.env.HOLDFAST_CRASH_POINTS ?? '';
const TRIED: Record<string, [many: number, of: number]> = {
  sixteenth: [1, 16],
  eighth: [1, 8],
  quarter: [1, 4],
  half: [2, 4],
};

const pointsFor = (sequel: Sequel, points: readonly CrashPoint[]): CrashPoint[] =>
  points.filter(({ when }, index) => {
    const turn = Math.ceil(index / 2) + SEQUELS.indexOf(sequel);
    if (HOW_MANY === 'all') return true;
    const [many, of] = TRIED[HOW_MANY] ?? [1, 1];
    if (turn % of >= many) return false;
    return when === (turn % 2 === 0 ? 'after' : 'before');
  });

for (const flow of FLOWS) {
  const points = await effectsOf(stage, flow);
  describe.concurrent(flow.name, () => {
    for (const sequel of SEQUELS) {
      it.for(pointsFor(sequel, points))(
        `holds when the agent is killed $when “$effect” ($nth), then ${sequel}`,
        (point) => playCrash(stage, flow, { point, sequel }),
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
