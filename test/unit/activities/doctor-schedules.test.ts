import { expect, test } from 'vitest';
import { lookAtSchedules } from '../../../src/activities/doctor/schedules.js';
import { routine, tier } from '../../support/routines.js';

const NOVEMBER = new Date('2026-11-21T19:00:00Z');

const messages = (timezone: string) => {
  const routines = {
    edms: routine(
      [
        tier('daily', '0 2 * * *'),
        tier('hourly', '0 * * * *'),
        tier('monthly', '0 2 * * *', { from: 'daily' }),
      ],
      {
        verify: { schedule: '30 5 * * 6', catchUpMs: 1, jitterMs: 0 },
      },
    ),
  };
  return lookAtSchedules({ routines, timezone }, 'edms', NOVEMBER).map(({ level, message }) => [
    level,
    message,
  ]);
};

test('doctor names the nights of the next year on which clocks take a scheduled time away or give it twice', () => {
  expect(messages('Europe/Zurich')).toEqual([
    [
      'warning',
      'daily (0 2 * * *): 02:00 does not exist on 2027-03-28 (no run, or a shifted one); 02:00 comes twice on 2027-10-31 (one run, or two)',
    ],
  ]);
});

test('where clocks are not moved there is nothing to say', () => {
  expect(messages('UTC')).toEqual([]);
});
