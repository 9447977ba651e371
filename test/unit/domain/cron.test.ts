import { Cron } from 'croner';
import { describe, expect, test } from 'vitest';
import { cronProblem, parseCron } from '../../../src/domain/cron.js';

const DAYS = Array.from({ length: 31 }, (_, index) => index + 1);

test('five fields give the values that fit, in order and once each', () => {
  expect(parseCron('*/20 9-17/4 * jan,Mar-APR mon-fri')).toEqual({
    minute: [0, 20, 40],
    hour: [9, 13, 17],
    dayOfMonth: DAYS,
    month: [1, 3, 4],
    dayOfWeek: [1, 2, 3, 4, 5],
  });
  expect(parseCron(' 7,3,5-8   2 * * * ').minute).toEqual([3, 5, 6, 7, 8]);
});

test('Sunday is 0 and 7, at the beginning of a week and at its end', () => {
  expect(parseCron('0 0 * * 7').dayOfWeek).toEqual([0]);
  expect(parseCron('0 0 * * 5-7').dayOfWeek).toEqual([0, 5, 6]);
  expect(parseCron('0 0 * * sun').dayOfWeek).toEqual([0]);
  expect(parseCron('0 0 * * */2').dayOfWeek).toEqual([0, 2, 4, 6]);
});

describe('what cannot be a schedule is refused with words', () => {
  const five = 'must be five fields: minute, hour, day of month, month, day of week';
  test.each([
    ['', five],
    ['0 2 * *', five],
    ['0 0 2 * * *', `${five}; seconds and years cannot be given`],
    ['@daily', `${five}; @daily is 0 0 * * *`],
    ['@every 5m', `${five}; words with @ are not taken`],
    ['60 2 * * *', 'has 60 as minute, which must be 0 to 59, *, a list, a range or a step'],
    ['0 24 * * *', 'has 24 as hour, which must be 0 to 23, *, a list, a range or a step'],
    ['0 0 0 * *', 'has 0 as day of month, which must be 1 to 31, *, a list, a range or a step'],
    ['0 0 L * *', 'has L as day of month, which must be 1 to 31, *, a list, a range or a step'],
    ['0 0 * jen *', 'has jen as month, which must be 1 to 12 or jan to dec, *, a list, a range or a step'],
    [
      '0 0 * * mon#1',
      'has mon#1 as day of week, which must be 0 to 7 or sun to sat, *, a list, a range or a step',
    ],
    ['1, 2 * * *', 'has nothing as minute, which must be 0 to 59, *, a list, a range or a step'],
    [
      '5/10 2 * * *',
      'has 5/10 as minute, which must be 0 to 59, *, a list, a range or a step; a step needs a range or *',
    ],
    [
      '9-5 2 * * *',
      'has 9-5 as minute, which must be 0 to 59, *, a list, a range or a step; a range ends after it begins',
    ],
    [
      '*/0 2 * * *',
      'has */0 as minute, which must be 0 to 59, *, a list, a range or a step; the step does not fit',
    ],
    ['0 0 31 feb,apr *', 'never comes: none of its months has such a day'],
    [
      '0 0 1 * mon',
      'restricts both day of month and day of week, which cron and Temporal understand differently; leave one of them *',
    ],
  ])('%s', (text, problem) => {
    expect(cronProblem(text)).toBe(problem);
  });
});

test.each(['0 0 29 feb *', '0 0 31 1-12 *', '59 23 * * 0'])('%s comes', (text) => {
  expect(cronProblem(text)).toBeNull();
});

test.each([
  '0 2 * * *',
  '*/7 3-5 * * mon-fri',
  '30 5 * * 6',
  '0 4 1 * *',
  '0 5 1 1 *',
  '15,45 */6 * feb-apr *',
  '0 12 * * 5-7',
])('retention, which asks another reader, understands %s the same way', (text) => {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parseCron(text);
  const moments = new Cron(text, { timezone: 'UTC', mode: '5-part' }).nextRuns(5, '2024-01-01T00:00:00Z');
  const fits = (at: Date): boolean =>
    minute.includes(at.getUTCMinutes()) &&
    hour.includes(at.getUTCHours()) &&
    dayOfMonth.includes(at.getUTCDate()) &&
    month.includes(at.getUTCMonth() + 1) &&
    dayOfWeek.includes(at.getUTCDay());
  const expected: Date[] = [];
  for (let at = Date.UTC(2024, 0, 1) + 60_000; expected.length < moments.length; at += 60_000)
    if (fits(new Date(at))) expected.push(new Date(at));
  expect(moments).toEqual(expected);
});
