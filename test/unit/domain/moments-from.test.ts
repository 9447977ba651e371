// Moments one after the other, beside those that a library finds.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseCron } from '../../../src/domain/cron.js';
import { comesAt, offsetsOf } from '../../../src/domain/local-time.js';
import { momentsAfter } from '../../../src/domain/moments.js';
import { momentsFrom } from '../../../src/domain/moments-from.js';

const ZONES = ['Europe/Zurich', 'UTC', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Kiritimati'];
const SCHEDULES = ['0 2 * * *', '30 4 * * 1-5', '15 */6 * * *', '0 4 1 * *', '*/20 13 * * 0', '0 0 29 2 *'];

const take = (moments: Generator<Date>, count: number): Date[] =>
  Array.from({ length: count }, () => moments.next().value).flatMap((moment) => moment ?? []);

it('are the library’s wherever no clock is changed at their time', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ZONES),
      fc.constantFrom(...SCHEDULES),
      fc.integer({ min: Date.parse('2026-01-01'), max: Date.parse('2028-01-01') }),
      (timezone, schedule, at) => {
        const timed = { timezone, schedule };
        const offset = offsetsOf(timezone);
        const plain = (moment: Date) =>
          comesAt(parseCron(schedule), new Date(Number(moment) + offset(Number(moment))));
        const known = new Set(momentsAfter(timed, new Date(at), 12).filter(plain).map(Number));
        const found = take(momentsFrom(timed, new Date(at)), 12);
        const last = Math.min(Math.max(...known), Number(found.at(-1)));
        const until = (moments: Iterable<number>) => [...moments].filter((moment) => moment <= last);
        expect(until(found.map(Number))).toEqual(until(known));
      },
    ),
    { numRuns: 100 },
  );
});

it('leave out the local time that does not exist, and count the one that comes twice once', () => {
  const timed = { schedule: '30 2 * * *', timezone: 'Europe/Zurich' };
  const days = (after: string) => take(momentsFrom(timed, new Date(after)), 3).map((at) => at.toISOString());
  expect(days('2027-03-26T12:00:00Z')).toEqual([
    '2027-03-27T01:30:00.000Z',
    '2027-03-29T00:30:00.000Z',
    '2027-03-30T00:30:00.000Z',
  ]);
  expect(days('2027-10-30T12:00:00Z')).toEqual([
    '2027-10-31T00:30:00.000Z',
    '2027-11-01T01:30:00.000Z',
    '2027-11-02T01:30:00.000Z',
  ]);
});
