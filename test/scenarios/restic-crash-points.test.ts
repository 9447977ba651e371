// Backups in a restic repository, and a restore out of one: the agent is killed at each kind of effect × what happens then.
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { CrashPoint } from '../support/crash-agent.js';
import { effectsOf, type Flow, playCrash, SEQUELS } from '../support/crash-play.js';
import { resticBackups } from '../support/crash-repository.js';
import { type CrashStage, openCrashStage } from '../support/crash-stage.js';
import { createWorld, makeOld } from '../support/crash-world.js';

vi.setConfig({ testTimeout: 200_000 });

const stage = await openCrashStage(resticBackups);
afterAll(() => stage.close());

const none = () => [];

const oldWorld = async ({ cluster, golden, backups }: CrashStage) => {
  const world = await createWorld(cluster, golden, { backups });
  await makeOld(cluster, world);
  return world;
};

const FLOWS: Flow[] = [
  {
    ...{ name: 'backup', run: 'backup', input: {}, live: ['new'], retried: 'new', before: none },
    prepare: ({ cluster, backups }) => createWorld(cluster, null, { backups }),
  },
  {
    ...{ name: 'restore', run: 'restore', input: { confirm: stage.confirm }, before: none },
    ...{ live: ['old', 'new'], retried: 'new', prepare: oldWorld },
    // What comes after is the same wherever the backup lies.
    to: /^publish /,
  },
];

/** What an effect does, whatever it does it to: `store`, `publish`, `take`. */
const kindOf = ({ effect }: CrashPoint): string => effect.split(' ')[0] ?? '';

/** Of each kind one point for each sequel: from the first one of its effects to the last. */
const sampleOf = (points: readonly CrashPoint[]) => {
  const kinds = [...new Set(points.map(kindOf))];
  return kinds.flatMap((kind) => {
    const some = points.filter((point) => kindOf(point) === kind);
    return SEQUELS.map((sequel, index) => ({
      sequel,
      ...(some[Math.floor((index * some.length) / SEQUELS.length)] ?? {
        effect: kind,
        nth: 1,
        when: 'after' as const,
      }),
    }));
  });
};

for (const flow of FLOWS) {
  const points = await effectsOf(stage, flow);
  if (flow.run === 'backup')
    it('a backup stores and publishes into the repository between its other effects', () => {
      expect(points.map(kindOf)).toEqual(expect.arrayContaining(['store', 'publish']));
    });
  describe.concurrent(flow.name, () => {
    it.for(sampleOf(points))(
      'holds when the agent is killed $when “$effect” ($nth), then $sequel',
      ({ sequel, ...point }) => playCrash(stage, flow, { point, sequel }),
    );
  });
}
