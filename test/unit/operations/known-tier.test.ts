import { expect, test } from 'vitest';
import { ownMoment } from '../../../src/operations/known-tier.js';
import { routine, tier } from '../../support/routines.js';

const moment = (at: string | null, name = 'daily', timezone = 'Europe/Zurich') => {
  const tiers = [tier('daily', '0 2 * * *'), tier('manual', null)];
  return ownMoment({ timezone, routines: { edms: routine(tiers) } }, { deployment: 'edms', tier: name }, at);
};

test('a moment of the tier’s schedule is its backup’s moment, in summer and in winter', () => {
  expect(moment('2026-11-22T01:00:00.000Z')).toBe('2026-11-22T01:00:00.000Z');
  expect(moment('2026-07-22T00:00:00.000Z')).toBe('2026-07-22T00:00:00.000Z');
});

test('of a local time that comes twice, each is a moment; of one that does not exist, the one the server puts in its place', () => {
  const at = (schedule: string, timezone: string, time: string) =>
    ownMoment(
      { timezone, routines: { edms: routine([tier('daily', schedule)]) } },
      { deployment: 'edms', tier: 'daily' },
      time,
    );
  for (const time of ['2027-11-07T05:30:00.000Z', '2027-11-07T06:30:00.000Z'])
    expect(at('30 1 * * *', 'America/New_York', time)).toBe(time);
  const later = '2027-10-02T15:45:00.000Z';
  expect(at('15 2 * * *', 'Australia/Lord_Howe', later)).toBe(later);
});

test('a click on Trigger makes a backup of no moment', () => {
  expect(moment('2026-11-22T10:37:12.000Z')).toBeNull();
  expect(moment('2026-11-22T01:00:01.000Z')).toBeNull();
  expect(moment('2026-11-22T01:00:00.000Z', 'manual')).toBeNull();
  expect(moment('2026-11-22T01:00:00.000Z', 'gone')).toBeNull();
  expect(moment(null)).toBeNull();
});
