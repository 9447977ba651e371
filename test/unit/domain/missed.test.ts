// Which scheduled moments came to nothing.
import { expect, it } from 'vitest';
import { type Made, missedMoments } from '../../../src/domain/missed.js';

const DAILY = { schedule: '0 2 * * *', timezone: 'Europe/Zurich' };

const night = (day: number): string => `2027-02-${String(day).padStart(2, '0')}T01:00:00.000Z`;

const missed = (made: readonly Made[], until: string): string[] =>
  missedMoments({ ...DAILY, made, since: new Date(night(1)), until: new Date(until) }).map((at) =>
    at.toISOString(),
  );

const made = (day: number, at = night(day)): Made => ({ scheduledFor: night(day), at });

it('none, where each moment has its run', () => {
  expect(missed([made(1), made(2), made(3)], '2027-02-03T12:00:00Z')).toEqual([]);
});

it('each moment that has none, and that is not before the first or after the last asked for', () => {
  expect(missed([made(1), made(4)], '2027-02-06T00:00:00Z')).toEqual([night(2), night(3), night(5)]);
});

it('not one that was made up for late, even after the next one', () => {
  expect(missed([made(2, '2027-02-03T18:00:00Z'), made(3)], '2027-02-03T23:00:00Z')).toEqual([]);
});

it('not one that somebody made up for by hand before the next one', () => {
  const byHand = (at: string) => ({ scheduledFor: null, at });
  expect(missed([byHand('2027-02-02T09:00:00Z')], '2027-02-02T23:00:00Z')).toEqual([]);
  expect(missed([byHand('2027-02-03T09:00:00Z')], '2027-02-03T23:00:00Z')).toEqual([night(2)]);
});

it('not the night of which clocks leave out the moment', () => {
  const half = { schedule: '30 2 * * *', timezone: 'Europe/Zurich' };
  const at = { since: new Date('2027-03-27T12:00:00Z'), until: new Date('2027-03-28T20:00:00Z') };
  expect(missedMoments({ ...half, ...at, made: [] })).toEqual([]);
});
