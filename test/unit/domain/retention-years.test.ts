// Histories of years: whatever was made, failed, drilled, pinned, copied or started by hand, and however clocks were set.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentsAfter } from '../../../src/domain/moments.js';
import { type Given, retained, tier } from './retention-support.js';

const ZONE = 'Europe/Zurich';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const DAILY = tier('daily', { schedule: '0 2 * * *', keep: { kind: 'slots', slots: 14 } });
const WEEKLY = tier('weekly', { schedule: '0 3 * * 0', keep: { kind: 'slots', slots: 8 } });
const MONTHLY = tier('monthly', { schedule: '0 4 1 * *', from: 'daily', keep: { kind: 'slots', slots: 12 } });
const MANUAL = tier('manual', { keep: { kind: 'for', ms: 30 * DAY } });
const SAFETY = tier('safety', { keep: { kind: 'for', ms: 7 * DAY } });
const TIERS = [DAILY, WEEKLY, MONTHLY, MANUAL, SAFETY];

/** Over the leap day of 2028 and both changes of the clocks. */
const BEGIN = new Date('2027-09-01T00:00:00Z');
const NIGHTS = momentsAfter({ schedule: '0 2 * * *', timezone: ZONE }, BEGIN, 500);

let made = 0;
const backup = (at: Date, given: Partial<Given>): Given => ({
  id: `${at.toISOString().replace(/[-:]/g, '').slice(0, 15)}Z-full-${(made++ % 0x10000).toString(16).padStart(4, '0')}`,
  ...{ tiers: ['daily'], startedAt: at.toISOString(), scheduledFor: null },
  ...given,
});

const scheduled = (moment: Date, tiers = ['daily']): Given =>
  backup(new Date(moment.getTime() + 5000), { tiers, scheduledFor: moment.toISOString() });

/** Without a size they would end after a dozen nights. What came of a night: made, made late, failed, or cannot be read. */
const nights = fc.array(fc.constantFrom('made', 'made', 'made', 'late', 'failed', 'broken'), {
  ...{ minLength: 1, maxLength: 400, size: 'max' },
});

const historyOf = (outcomes: readonly string[]): Given[] =>
  outcomes.flatMap((outcome, index) => {
    const moment = NIGHTS[index];
    if (moment === undefined || outcome === 'failed') return [];
    const late = new Date(moment.getTime() + (outcome === 'late' ? 9 * HOUR : 5000));
    const one = backup(late, { scheduledFor: moment.toISOString() });
    return [outcome === 'broken' ? { id: one.id, problem: 'it cannot be read' } : one];
  });

const byHand = fc.record({
  hours: fc.integer({ min: 0, max: 400 * 24 }),
  tiers: fc.constantFrom<string[]>(
    ['daily'],
    ['weekly'],
    ['manual'],
    ['safety'],
    ['daily', 'weekly'],
    ['gone'],
  ),
  pinned: fc.boolean(),
  type: fc.constantFrom('full', 'database', 'files'),
});

const history = fc
  .record({
    outcomes: nights,
    others: fc.array(byHand, { maxLength: 30, size: 'max' }),
    restored: fc.array(fc.nat(), { maxLength: 4, size: 'max' }),
    held: fc.array(fc.nat(), { maxLength: 4, size: 'max' }),
    later: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 700 })),
  })
  .map(({ outcomes, others, later, ...indices }) => {
    const backups = [
      ...historyOf(outcomes),
      ...others.map(({ hours, type, ...given }) => {
        const one = backup(new Date(BEGIN.getTime() + hours * HOUR), given);
        return { ...one, id: one.id.replace('-full-', `-${type}-`) };
      }),
    ];
    const some = (from: readonly number[]) =>
      backups.length === 0 ? [] : from.map((index) => backups[index % backups.length]?.id ?? '');
    const latest = Math.max(0, ...backups.map(({ startedAt }) => Date.parse(startedAt ?? '') || 0));
    return {
      backups,
      restored: new Set(some(indices.restored)),
      held: new Map(some(indices.held).map((id) => [id, 'it is in use'])),
      ...{ tiers: TIERS, latest, now: new Date(latest + HOUR + later * DAY) },
    };
  });

const newest = (backups: readonly Given[]): string =>
  backups
    .map(({ id }) => id)
    .sort()
    .at(-1) ?? '';

describe('for any history', () => {
  it('the newest good and the newest restored backup survive, and what is pinned, held, unknown or unreadable', () => {
    fc.assert(
      fc.property(history, (asked) => {
        const gone = new Set(retained(asked).gone());
        const good = asked.backups.filter(({ problem }) => problem === undefined);
        expect(gone).not.toContain(newest(good));
        expect(gone).not.toContain(newest(good.filter(({ id }) => asked.restored.has(id))));
        const ordinary = good.filter(({ tiers }) => !tiers?.includes('safety'));
        for (const type of ['full', 'database', 'files'])
          expect(gone).not.toContain(newest(ordinary.filter(({ id }) => id.includes(`-${type}-`))));
        for (const { id, problem, pinned, tiers } of asked.backups)
          if (problem !== undefined || pinned || tiers?.includes('gone') || asked.held.has(id))
            expect(gone).not.toContain(id);
      }),
      { numRuns: 80 },
    );
  });

  it('a second prune removes nothing', () => {
    fc.assert(
      fc.property(history, (asked) => {
        const gone = new Set(retained(asked).gone());
        const left = { ...asked, backups: asked.backups.filter(({ id }) => !gone.has(id)) };
        expect(retained(left).gone()).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('no backup that was not there before makes one go that its own repository kept for a moment', () => {
    fc.assert(
      fc.property(history, fc.array(byHand, { maxLength: 40, size: 'max' }), (asked, others) => {
        // By hand, of moments that have their own run; or for no moment at all.
        const moments = asked.backups.flatMap(({ scheduledFor }) => scheduledFor ?? []);
        const more = others.flatMap(({ hours, tiers, pinned }) => {
          const moment = moments[hours % Math.max(1, moments.length)];
          if (moment === undefined || tiers.includes('weekly')) return [];
          const at = new Date(Date.parse(moment) + (hours % 20) * HOUR + 60_000);
          return at > asked.now ? [] : [backup(at, { tiers, pinned })];
        });
        const kept = new Set(retained({ ...asked, backups: [...asked.backups, ...more] }).kept());
        const { verdicts } = retained(asked);
        const scheduledOnes = new Set(
          asked.backups.filter(({ scheduledFor }) => scheduledFor != null).map(({ id }) => id),
        );
        for (const { backup: id, keptBy } of verdicts)
          if (keptBy === 'tier' && scheduledOnes.has(id)) expect(kept).toContain(id);
      }),
      { numRuns: 80 },
    );
  });

  it('kept are exactly the newest moments that have a good backup, and the first of each month', () => {
    fc.assert(
      fc.property(nights, (outcomes) => {
        const backups = historyOf(outcomes);
        const good = backups.filter(({ problem }) => problem === undefined);
        const now = new Date(NIGHTS.at(-1) ?? BEGIN);
        const asked = { backups: good, tiers: [DAILY, MONTHLY], now };
        const months = new Map<string, string>();
        for (const { id, scheduledFor } of good.toReversed())
          months.set(localDay(scheduledFor ?? '').slice(0, 7), id);
        const wanted = new Set([
          ...good.slice(-14).map(({ id }) => id),
          ...[...months.values()].slice(0, 12),
        ]);
        expect(new Set(retained(asked).kept())).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });

  it('a clock that is put back removes nothing unless somebody insists', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 800 }), (asked, days) => {
        const now = new Date(asked.latest - days * DAY);
        const { stop, gone } = retained({ ...asked, now });
        if (gone().length > 0) expect(stop).not.toBe('');
      }),
      { numRuns: 40 },
    );
  });
});

const localDay = (time: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' }).format(new Date(time));

it('a year of nights, weeks and months, pruned every night, ends with exactly what was asked for', () => {
  const weeks = momentsAfter({ schedule: '0 3 * * 0', timezone: ZONE }, BEGIN, 60);
  const runs = [
    ...NIGHTS.slice(0, 366).map((moment) => scheduled(moment)),
    ...weeks.map((moment) => scheduled(moment, ['weekly'])),
  ].sort((a, b) => (a.id < b.id ? -1 : 1));
  const end = NIGHTS[365] ?? BEGIN;
  let held: Given[] = [];
  for (const run of runs.filter(({ scheduledFor }) => Date.parse(scheduledFor ?? '') <= end.getTime())) {
    held.push(run);
    const now = new Date(Date.parse(run.startedAt ?? '') + HOUR);
    const plan = retained({ backups: held, tiers: TIERS, now });
    expect(plan.stop).toBe('');
    const gone = new Set(plan.gone());
    held = held.filter(({ id }) => !gone.has(id));
  }
  const moments = (name: string) =>
    held.flatMap(({ tiers, scheduledFor }) => (tiers?.includes(name) && scheduledFor ? [scheduledFor] : []));
  const days = moments('daily').map(localDay);
  const firsts = days.filter((day) => day.endsWith('-01'));
  expect(firsts).toEqual(
    ['2027-10', '2027-11', '2027-12', ...months(2028, 1, 9)].map((month) => `${month}-01`),
  );
  expect(days.slice(-14)).toEqual(NIGHTS.slice(352, 366).map((night) => localDay(night.toISOString())));
  expect(days).toHaveLength(new Set([...firsts, ...days.slice(-14)]).size);
  const sundays = weeks.filter((week) => week <= end).slice(-8);
  expect(moments('weekly')).toEqual(sundays.map((week) => week.toISOString()));
});

const months = (year: number, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `${year}-${String(from + index).padStart(2, '0')}`);
