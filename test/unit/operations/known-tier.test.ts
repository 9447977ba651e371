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

test('a click on Trigger makes a backup of no moment', () => {
  expect(moment('2026-11-22T10:37:12.000Z')).toBeNull();
  expect(moment('2026-11-22T01:00:01.000Z')).toBeNull();
  expect(moment('2026-11-22T01:00:00.000Z', 'manual')).toBeNull();
  expect(moment('2026-11-22T01:00:00.000Z', 'gone')).toBeNull();
  expect(moment(null)).toBeNull();
});
