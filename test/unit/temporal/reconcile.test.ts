import { expect, test } from 'vitest';
import { type ExistingSchedule, reconcile } from '../../../src/temporal/reconcile.js';
import { scheduleOptions } from '../../../src/temporal/schedule-options.js';
import { type WantedSchedule, wantedSchedules } from '../../../src/temporal/wanted-schedules.js';
import { routine, tier } from '../../support/routines.js';

const wanted = (schedule = '0 2 * * *', timezone = 'Europe/Zurich'): WantedSchedule => {
  const routines = { edms: routine([tier('daily', schedule)]) };
  const [one] = wantedSchedules({ agent: 'default', timezone, routines });
  if (one === undefined) throw new Error('nothing is wanted');
  return one;
};

const existing = (
  { id, facts, fingerprint }: WantedSchedule,
  changed: Partial<ExistingSchedule> = {},
): ExistingSchedule => ({ id, facts, fingerprint, owner: 'holdfast', paused: false, note: '', ...changed });

const verdict = (want: WantedSchedule[], there: ExistingSchedule[]) =>
  reconcile(want, there).map((one) => one.verdict);

test('a tier that makes no backups has no schedule, and no two schedules have one id', () => {
  const routines = {
    edms: routine(
      [tier('daily', '0 2 * * *'), tier('monthly', '0 4 1 * *', { from: 'daily' }), tier('manual', null)],
      {
        verify: { schedule: '30 5 * * 6', catchUpMs: 1, jitterMs: 0 },
        drill: { timed: { schedule: '0 5 * * 0', catchUpMs: 1, jitterMs: 0 }, maxAgeMs: 1 },
      },
    ),
    wiki: routine([tier('daily', '0 2 * * *')]),
  };
  const all = wantedSchedules({ agent: 'north', timezone: 'UTC', routines });
  expect(all.map(({ id }) => id)).toEqual([
    'holdfast.north.edms.daily',
    'holdfast.north.edms.verify',
    'holdfast.north.edms.drill',
    'holdfast.north.wiki.daily',
  ]);
  expect(all.map(({ facts }) => facts.input)).toEqual([
    { deployment: 'edms', tier: 'daily' },
    { deployment: 'edms' },
    { deployment: 'edms' },
    { deployment: 'wiki', tier: 'daily' },
  ]);
});

test('runs of two tiers have two ids, although the server appends the same moment to both', () => {
  const routines = { edms: routine([tier('daily', '0 2 * * *'), tier('weekly', '0 2 * * 0')]) };
  const ids = wantedSchedules({ agent: 'default', timezone: 'UTC', routines }).map(
    ({ facts }) => facts.workflowId,
  );
  expect(ids).toEqual(['holdfast.edms.backup.daily', 'holdfast.edms.backup.weekly']);
});

test('what is not there is created, and what is there as it was applied is left alone', () => {
  expect(verdict([wanted()], [])).toEqual(['create']);
  expect(verdict([wanted()], [existing(wanted())])).toEqual(['equal']);
});

test('a pause is the operator’s, and no difference', () => {
  expect(verdict([wanted()], [existing(wanted(), { paused: true, note: 'moving house' })])).toEqual([
    'equal',
  ]);
});

test('what the configuration changed is updated', () => {
  expect(verdict([wanted('0 3 * * *')], [existing(wanted())])).toEqual(['update']);
  expect(verdict([wanted('0 2 * * *', 'UTC')], [existing(wanted())])).toEqual(['update']);
});

test('what somebody edited is drifted, also when the configuration changed since', () => {
  const edited = existing(wanted(), { facts: { ...wanted().facts, timezone: 'Asia/Tokyo' } });
  expect(reconcile([wanted()], [edited])).toMatchObject([
    { verdict: 'drifted', differences: ['timezone is Asia/Tokyo instead of Europe/Zurich'] },
  ]);
  expect(verdict([wanted('0 3 * * *')], [edited])).toEqual(['drifted']);
});

test('what somebody edited into what is wanted now only gets its mark', () => {
  const edited = existing(wanted(), { facts: wanted('0 3 * * *').facts });
  expect(verdict([wanted('0 3 * * *')], [edited])).toEqual(['update']);
});

test('without its mark it was edited, unless it does what is wanted', () => {
  expect(verdict([wanted('0 3 * * *')], [existing(wanted(), { fingerprint: null })])).toEqual(['drifted']);
  expect(verdict([wanted()], [existing(wanted(), { fingerprint: null })])).toEqual(['update']);
});

test('ours that nobody wants any more is removed; somebody else’s never', () => {
  expect(verdict([], [existing(wanted())])).toEqual(['remove']);
  expect(verdict([], [existing(wanted(), { owner: null })])).toEqual(['foreign']);
  expect(verdict([wanted()], [existing(wanted(), { owner: 'somebody' })])).toEqual(['foreign']);
});

test('every range that is sent has its end, and every overlap, pause and catch-up is said', () => {
  const { spec, policies } = scheduleOptions(wanted('5,20,35 2-4 1,15,16 feb,mar *'));
  expect(spec.calendars?.[0]).toEqual({
    second: [{ start: 0, end: 0, step: 1 }],
    minute: [{ start: 5, end: 35, step: 15 }],
    hour: [{ start: 2, end: 4, step: 1 }],
    dayOfMonth: [1, 15, 16].map((day) => ({ start: day, end: day, step: 1 })),
    month: ['FEBRUARY', 'MARCH'],
    dayOfWeek: ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'],
    comment: '5,20,35 2-4 1,15,16 feb,mar *',
  });
  expect(policies).toEqual({ overlap: 'BUFFER_ONE', catchupWindow: 3_600_000, pauseOnFailure: false });
});
