// Which tiers should have had a backup by now.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMoment, momentsAfter } from '../../../src/domain/moments.js';
import { overdueTiers, type TierSuccess } from '../../../src/domain/overdue.js';
import type { TierSettings } from '../../../src/domain/tiers.js';
import { routine, tier } from '../../support/routines.js';

const ZONE = 'Europe/Zurich';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const DAILY = tier('daily', '0 2 * * *', { jitterMs: 120_000 });
const GRACE = 120_000 + 2.4 * HOUR;

interface Asked {
  tiers?: TierSettings[];
  successes?: readonly TierSuccess[];
  since?: string | null;
  now: string | Date;
}

const overdue = ({ tiers = [DAILY], successes = [], since = null, now }: Asked) =>
  overdueTiers({
    ...{ routine: routine(tiers), timezone: ZONE, successes, since },
    now: new Date(now),
  });

const success = (scheduledFor: string | null, finishedAt: string, name = 'daily'): TierSuccess => ({
  ...{ tier: name, scheduledFor, finishedAt },
});

/** At two o'clock in winter, without time taken. */
const NIGHT = success('2027-02-01T01:00:00.000Z', '2027-02-01T01:00:00.000Z');

describe('a tier', () => {
  it('is overdue once its next moment has passed by the grace, and not a minute before', () => {
    const due = Date.parse('2027-02-02T01:00:00.000Z');
    expect(overdue({ successes: [NIGHT], now: new Date(due + GRACE - 60_000) })).toEqual([]);
    expect(overdue({ successes: [NIGHT], now: new Date(due + GRACE) })).toEqual([
      {
        ...{ tier: 'daily', dueAt: '2027-02-02T01:00:00.000Z', graceMs: GRACE },
        newest: '2027-02-01T01:00:00.000Z',
      },
    ]);
  });

  it('stays due since the first of the moments that have no success', () => {
    const [found] = overdue({ successes: [NIGHT], now: '2027-03-20T12:00:00Z' });
    expect(found?.dueAt).toBe('2027-02-02T01:00:00.000Z');
  });

  it('without success ever is due since the first moment after it was configured, and never where that is not known', () => {
    const now = '2027-02-10T12:00:00Z';
    expect(overdue({ since: '2027-02-08T09:00:00Z', now })).toEqual([
      { tier: 'daily', dueAt: '2027-02-09T01:00:00.000Z', graceMs: GRACE, newest: null },
    ]);
    expect(overdue({ since: '2027-02-10T09:00:00Z', now })).toEqual([]);
    expect(overdue({ since: null, now })).toEqual([]);
  });

  it('is not overdue while a run takes as long as its runs usually do', () => {
    const nights = ['01', '02', '03'].map((day) =>
      success(`2027-02-${day}T01:00:00.000Z`, `2027-02-${day}T06:00:00.000Z`),
    );
    expect(overdue({ successes: nights, now: '2027-02-04T08:00:00Z' })).toEqual([]);
    expect(overdue({ successes: nights, now: '2027-02-04T08:30:00Z' })).toHaveLength(1);
  });

  it('has as much grace after one night that was caught up late as before', () => {
    const nights = [
      ...['01', '02', '03'].map((day) =>
        success(`2027-02-${day}T01:00:00.000Z`, `2027-02-${day}T01:10:00.000Z`),
      ),
      success('2027-02-04T01:00:00.000Z', '2027-02-04T15:00:00.000Z'),
    ];
    expect(overdue({ successes: nights, now: '2027-02-05T03:37:00Z' })[0]?.graceMs).toBe(GRACE + 600_000);
  });

  it('is satisfied by a backup made by hand after its moment, not by one before it', () => {
    const now = '2027-02-02T12:00:00Z';
    expect(overdue({ successes: [NIGHT, success(null, '2027-02-02T09:00:00Z')], now })).toEqual([]);
    const [early] = overdue({ successes: [NIGHT, success(null, '2027-02-02T00:30:00Z')], now });
    expect(early).toMatchObject({ dueAt: '2027-02-02T01:00:00.000Z', newest: '2027-02-02T00:30:00.000Z' });
  });

  it('is not satisfied by another tier’s success', () => {
    const weekly = tier('weekly', '0 3 * * 0');
    const found = overdue({
      ...{ tiers: [DAILY, weekly], now: '2027-02-09T12:00:00Z' },
      successes: [NIGHT, success(null, '2027-02-08T02:00:00Z', 'weekly')],
    });
    expect(found.map((one) => one.tier)).toEqual(['daily']);
  });

  it('that has no schedule, or keeps another one’s backups, is never overdue', () => {
    const tiers = [tier('manual', null), tier('monthly', '0 4 1 * *', { from: 'daily' })];
    expect(overdue({ tiers, since: '2020-01-01T00:00:00Z', now: '2027-02-09T12:00:00Z' })).toEqual([]);
  });

  it('is not overdue where the clock was put back behind its newest success', () => {
    expect(overdue({ successes: [NIGHT], now: '2026-02-01T12:00:00Z' })).toEqual([]);
  });

  it('does not owe the local time that clocks leave out in spring', () => {
    const half = tier('daily', '30 2 * * *');
    const successes = [success('2027-03-27T01:30:00.000Z', '2027-03-27T01:35:00Z')];
    expect(overdue({ tiers: [half], successes, now: '2027-03-28T23:00:00Z' })).toEqual([]);
    const [found] = overdue({ tiers: [half], successes, now: '2027-03-29T12:00:00Z' });
    expect(found?.dueAt).toBe('2027-03-29T00:30:00.000Z');
  });

  it('owes the local time that comes twice in autumn only once', () => {
    const half = tier('daily', '30 2 * * *');
    const successes = [success('2027-10-31T00:30:00.000Z', '2027-10-31T00:35:00Z')];
    expect(overdue({ tiers: [half], successes, now: '2027-10-31T23:00:00Z' })).toEqual([]);
  });
});

/** With hours of grace: a tenth of the shortest time between two moments, an hour at least. */
const SCHEDULES = [
  ...[['0 2 * * *', 2.4] as const, ['30 2 * * *', 2.4] as const, ['0 * * * *', 1] as const],
  ...[['0 3 * * 0', 16.8] as const, ['15 1,13 * * 1-5', 1.2] as const, ['0 4 1 * *', 67.2] as const],
];
const FROM = Date.parse('2027-02-20T00:00:00Z');

const MOMENTS_OF = new Map(
  SCHEDULES.map(([schedule]) => {
    const moments = momentsAfter(
      { schedule, timezone: ZONE },
      new Date(FROM),
      schedule === '0 * * * *' ? 290 * 24 : 450,
    );
    return [schedule, moments.filter((moment) => moment.getTime() < FROM + 290 * DAY)];
  }),
);

/** Over both changes of the clocks. */
const asked = fc.record({
  timed: fc.constantFrom(...SCHEDULES),
  hours: fc.array(fc.integer({ min: 0, max: 280 * 24 }), { maxLength: 25 }),
  byHand: fc.boolean(),
  minutes: fc.integer({ min: 0, max: 290 * 24 * 60 }),
});

describe('for each history and time', () => {
  it('exactly those are overdue that have a moment, past by the grace, and no success since', () => {
    fc.assert(
      fc.property(asked, ({ timed: [schedule, graceHours], hours, byHand, minutes }) => {
        const now = new Date(FROM + minutes * 60_000);
        const successes = hours
          .map((hour) => new Date(FROM + hour * HOUR))
          .filter((at) => at <= now)
          .map((at) => success(byHand ? null : at.toISOString(), at.toISOString()));
        const since = new Date(FROM).toISOString();
        const found = overdue({ tiers: [tier('daily', schedule)], successes, since, now });
        const last = Math.max(FROM, ...successes.map(({ finishedAt }) => Date.parse(finishedAt)));
        const wanted = (MOMENTS_OF.get(schedule) ?? [])
          .filter((moment) => moment.getTime() > last && !leftOut(schedule, moment))
          .filter((moment) => moment.getTime() + graceHours * HOUR <= now.getTime());
        expect(found.map(({ dueAt }) => dueAt)).toEqual(
          wanted.slice(0, 1).map((moment) => moment.toISOString()),
        );
        for (const { dueAt } of found)
          expect(isMoment({ schedule, timezone: ZONE }, new Date(dueAt))).toBe(true);
      }),
      // The night on which the clocks change, each time.
      {
        numRuns: 60,
        examples: [[{ timed: ['0 2 * * *', 2.4], hours: [841], byHand: false, minutes: 52_044 }]],
      },
    );
  });

  it('a year of nights on time is never overdue, at whatever minute and over both changes of the clocks', () => {
    const nights = momentsAfter({ schedule: '30 2 * * *', timezone: ZONE }, new Date(FROM), 366);
    const made = nights.map((night) =>
      success(night.toISOString(), new Date(night.getTime() + 40 * 60_000).toISOString()),
    );
    fc.assert(
      fc.property(fc.integer({ min: DAY / 60_000, max: (364 * DAY) / 60_000 }), (minute) => {
        const now = new Date(FROM + minute * 60_000);
        const successes = made.filter(({ finishedAt }) => Date.parse(finishedAt) <= now.getTime());
        expect(overdue({ tiers: [tier('daily', '30 2 * * *')], successes, now })).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

/** No time between two and three exists on that night. */
const leftOut = (schedule: string, moment: Date): boolean =>
  /^\d+ 2 /.test(schedule) && moment.toISOString() === '2027-03-28T01:00:00.000Z';
