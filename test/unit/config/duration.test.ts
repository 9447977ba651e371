import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDuration } from '../../../src/config/duration.js';

test('one number and one unit is a duration', () => {
  expect(['90s', '30m', '12h', '30d'].map(parseDuration)).toEqual([
    90_000, 1_800_000, 43_200_000, 2_592_000_000,
  ]);
});

test('anything else is none', () => {
  const wrong = [
    '',
    '0s',
    '007s',
    '-1s',
    '+1s',
    '1.5h',
    '1h30m',
    '10',
    'h',
    '10 m',
    '10M',
    '10ms',
    '1w',
    '١h',
    '10m\n',
    '999999999d',
  ];
  expect(wrong.filter((text) => parseDuration(text) !== null)).toEqual([]);
});

test('every number of every unit means what the unit says', () => {
  const units = { s: 1, m: 60, h: 3600, d: 86_400 };
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 99_999_999 }),
      fc.constantFrom('s', 'm', 'h', 'd'),
      (count, unit) => parseDuration(`${count}${unit}`) === count * units[unit] * 1000,
    ),
  );
});

test('no text makes it give anything but null or a positive whole number of milliseconds', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d*[a-z]?$/)), (text) => {
      const duration = parseDuration(text);
      return duration === null || (Number.isSafeInteger(duration) && duration > 0);
    }),
  );
});
