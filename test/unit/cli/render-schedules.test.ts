import { expect, test } from 'vitest';
import { scheduleLines } from '../../../src/cli/render/schedules.js';
import type { ListedSchedule } from '../../../src/cli/schedules/schedule-facts.js';

const daily: ListedSchedule = {
  ...{ id: 'holdfast.default.edms.daily', deployment: 'edms', name: 'daily', schedule: '0 2 * * *' },
  ...{ timezone: 'Europe/Zurich', state: 'as configured', differences: [], paused: false, reason: '' },
  ...{ next: ['2026-11-22T01:00:00.000Z'], last: null, waiting: 0, missed: 0, skipped: 0 },
};
const run = { at: '2026-11-21T01:00:00.000Z', run: 'holdfast.edms.backup.daily-1' };

test('what is as it should be says nothing but when it runs', () => {
  expect(scheduleLines([daily])).toEqual([
    expect.stringMatching(/^DEPLOYMENT/),
    expect.stringMatching(/^edms +daily +0 2 \* \* \* +2026-11-22 02:00$/),
  ]);
});

test('what a run at work waits for, what waits for it, and what was missed or skipped is said', () => {
  const waits = 'a restore of edms is in progress (holdfast.edms.restore); again in 20 s';
  const [, line = ''] = scheduleLines([
    { ...daily, last: { ...run, outcome: 'running', waits }, waiting: 1, missed: 3, skipped: 2 },
  ]);
  expect(line).toMatch(/2026-11-21 02:00 running +3 +2 /);
  expect(line).toContain(`waits: ${waits}; 1 more waits for it to end`);
});
