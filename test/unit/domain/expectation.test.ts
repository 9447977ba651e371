import { expect, test } from 'vitest';
import { lateAfterMs, median, usualGiveUpAfterMs } from '../../../src/domain/expectation.js';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const at = (time: string) => new Date(`2026-11-21T${time}:00Z`);

test('one slow night is no rule', () => {
  expect(median([])).toBeNull();
  expect(median([5])).toBe(5);
  expect(median([1, 900, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('late is three times as long as usual, but never sooner than after ten minutes', () => {
  expect(lateAfterMs(20 * MINUTE)).toBe(HOUR);
  expect(lateAfterMs(2 * MINUTE)).toBe(10 * MINUTE);
  expect(lateAfterMs(null)).toBe(HOUR);
});

test('it gives up before the next one is due, and after twelve hours in any case', () => {
  expect(usualGiveUpAfterMs(at('02:00'), [at('03:00'), at('04:00')])).toBe(HOUR);
  expect(usualGiveUpAfterMs(at('00:00'), [at('20:00'), at('22:00')])).toBe(12 * HOUR);
  expect(usualGiveUpAfterMs(at('02:00'), [])).toBe(12 * HOUR);
});

test('one that begins shortly before the next has until the one after it', () => {
  expect(usualGiveUpAfterMs(at('02:50'), [at('03:00'), at('04:00')])).toBe(70 * MINUTE);
});
