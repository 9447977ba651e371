// A year by the clock, hour by hour: what is scheduled is made, made late, fails or is missed, copies come late, backups are
// drilled, retention goes over each repository after each backup, and somebody asks what is overdue.
import { describe, expect, it } from 'vitest';
import { tierMoments } from '../../../src/config/tier-moments.js';
import { missedMoments } from '../../../src/domain/missed.js';
import { momentsFrom } from '../../../src/domain/moments-from.js';
import { overdueTiers, type TierSuccess } from '../../../src/domain/overdue.js';
import { retentionAcross } from '../../../src/domain/retention-across.js';
import type { RetentionBackup } from '../../../src/domain/retention-input.js';
import type { TierSettings } from '../../../src/domain/tiers.js';
import { routine } from '../../support/routines.js';

const TIMEZONE = 'Europe/Zurich';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Over both changes of the clocks and a leap day. */
const BEGIN = new Date('2027-09-01T00:00:00Z');
const END = new Date(BEGIN.getTime() + 366 * DAY);

const keeping = (local: number, offsite: number): TierSettings['keep'] => ({
  local: { kind: 'slots', slots: local },
  offsite: { kind: 'slots', slots: offsite },
});
const tier = (name: string, schedule: string, given: Partial<TierSettings> = {}): TierSettings => ({
  ...{ name, schedule, from: null, catchUpMs: DAY, jitterMs: 0, keep: keeping(7, 30) },
  ...given,
});
const TIERS = [
  tier('daily', '30 2 * * *'),
  tier('weekly', '0 3 * * 0', { keep: keeping(4, 8) }),
  tier('monthly', '0 4 1 * *', { from: 'daily', keep: keeping(0, 12) }),
];
const ROUTINE = routine(TIERS);
const momentOf = tierMoments(TIMEZONE);

const momentsUntil = (schedule: string, until: Date): Date[] => {
  const found: Date[] = [];
  for (const moment of momentsFrom({ schedule, timezone: TIMEZONE }, BEGIN)) {
    if (moment > until) break;
    found.push(moment);
  }
  return found;
};

interface Planned {
  tier: string;
  moment: Date;
  at: Date;
}

/** Every ninth daily run is made up for nine hours later; in the first week of March the machine is off. */
const plan = (): Planned[] =>
  ['daily', 'weekly']
    .flatMap((name) =>
      momentsUntil(TIERS.find((one) => one.name === name)?.schedule ?? '', END).map((moment, index) => {
        const late = name === 'daily' && index % 9 === 8;
        return { tier: name, moment, at: new Date(moment.getTime() + (late ? 9 * HOUR : 20 * 60_000)) };
      }),
    )
    .filter(({ moment }) => !isOff(moment))
    .sort((a, b) => a.at.getTime() - b.at.getTime());

const OFF = [Date.parse('2028-03-01T00:00:00Z'), Date.parse('2028-03-08T00:00:00Z')] as const;
const isOff = (at: Date): boolean => at.getTime() >= OFF[0] && at.getTime() < OFF[1];

interface World {
  local: RetentionBackup[];
  offsite: RetentionBackup[];
  successes: TierSuccess[];
  restored: Set<string>;
  removed: Set<string>;
}

const backupOf = ({ tier: name, moment, at }: Planned): RetentionBackup => ({
  id: `${at.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z-full-${name === 'daily' ? '0001' : '0002'}`,
  facts: {
    ...{ tiers: [name], startedAt: at.toISOString(), pinned: false },
    scheduledFor: moment.toISOString(),
  },
  problem: '',
});

/** What the rules of each repository remove now; the copies elsewhere are made of what it wants. */
const pruned = (world: World, now: Date): void => {
  const asked = { tiers: TIERS, momentOf, restored: world.restored, held: new Map(), dropTier: null, now };
  const held = (['local', 'offsite'] as const).map((repository) => ({
    repository,
    backups: world[repository],
  }));
  for (const { repository, retention } of retentionAcross(held, asked)) {
    expect(retention?.stop).toBe('');
    const gone = new Set(
      (retention?.verdicts ?? []).filter(({ keptBy }) => keptBy === null).map(({ backup }) => backup),
    );
    const name = repository === 'local' ? 'local' : 'offsite';
    world[name] = world[name].filter(({ id }) => !gone.has(id));
    for (const id of gone) world.removed.add(id);
  }
};

/** A copy a day later: until then the first repository keeps what the other one is to hold. */
const copied = (world: World, now: Date): void => {
  const there = new Set(world.offsite.map(({ id }) => id));
  const old = ({ facts }: RetentionBackup) => Date.parse(facts?.startedAt ?? '') < now.getTime() - DAY;
  world.offsite.push(
    ...world.local.filter((one) => old(one) && !there.has(one.id) && !world.removed.has(one.id)),
  );
};

const overdueAt = ({ successes }: World, now: Date): string[] =>
  overdueTiers({
    ...{ routine: ROUTINE, timezone: TIMEZONE, successes, since: BEGIN.toISOString(), now },
  }).map(({ tier: name }) => name);

describe('a year of schedules, copies, drills and retention', () => {
  const world: World = { local: [], offsite: [], successes: [], restored: new Set(), removed: new Set() };
  const overdueDays = new Map<string, string[]>();
  const runs = plan();
  let next = 0;
  for (let at = BEGIN.getTime(); at <= END.getTime(); at += 12 * HOUR) {
    const now = new Date(at);
    for (; (runs[next]?.at ?? END) <= now && next < runs.length; next += 1) {
      const run = runs[next];
      if (run === undefined) break;
      const backup = backupOf(run);
      world.local.push(backup);
      world.successes.push({
        ...{ tier: run.tier, scheduledFor: run.moment.toISOString() },
        finishedAt: new Date(run.at.getTime() + HOUR / 2).toISOString(),
      });
      // Every fourth weekly one is restored by a drill.
      if (run.tier === 'weekly' && next % 4 === 0) world.restored.add(backup.id);
      copied(world, run.at);
      pruned(world, run.at);
    }
    for (const name of overdueAt(world, now))
      overdueDays.set(name, [...(overdueDays.get(name) ?? []), now.toISOString().slice(0, 10)]);
  }

  it('is overdue while the machine is off and never besides, clocks put forward or back', () => {
    const days = [...new Set(overdueDays.get('daily'))];
    expect(days.filter((day) => day < '2028-03-01' || day > '2028-03-08')).toEqual([]);
    expect(days.filter((day) => day >= '2028-03-01' && day <= '2028-03-08').length).toBeGreaterThanOrEqual(6);
    expect(overdueDays.get('weekly')?.every((day) => day >= '2028-03-05' && day < '2028-03-13')).toBe(true);
  });

  it('names exactly the moments that came to nothing as missed', () => {
    const made = world.successes
      .filter(({ tier: name }) => name === 'daily')
      .map(({ scheduledFor, finishedAt }) => ({ scheduledFor, at: finishedAt }));
    const schedule = '30 2 * * *';
    const missed = missedMoments({ schedule, timezone: TIMEZONE, made, since: BEGIN, now: END });
    expect(missed).toEqual(momentsUntil(schedule, END).filter(isOff));
  });

  it('ends with what was asked for in each repository, the newest and the newest restored backup among it', () => {
    const newest = (name: string, from: readonly RetentionBackup[]) =>
      from
        .filter(({ facts }) => facts?.tiers.includes(name))
        .map(({ id }) => id)
        .sort()
        .toReversed();
    const made = runs.filter(({ at }) => at <= END).map(backupOf);
    expect(newest('daily', world.local).slice(0, 7)).toEqual(newest('daily', made).slice(0, 7));
    expect(newest('weekly', world.local).slice(0, 4)).toEqual(newest('weekly', made).slice(0, 4));
    const restored = [...world.restored].sort().at(-1);
    expect(world.local.map(({ id }) => id)).toContain(restored);
    const months = new Set(world.offsite.map(({ facts }) => facts?.scheduledFor?.slice(0, 7)));
    expect(months.size).toBe(12);
  });
});
