import { expect, it } from 'vitest';
import { formatAge } from '../../../src/domain/age.js';

const NOW = new Date('2026-01-11T22:47:48Z');

it.each([
  ['2026-01-11T22:47:36Z', '12 s'],
  ['2026-01-11T22:42:00Z', '5 m'],
  ['2026-01-11T19:00:00Z', '3 h'],
  ['2026-01-09T23:00:00Z', '47 h'],
  ['2025-12-30T22:00:00Z', '12 d'],
  ['2026-01-12T00:00:00Z', '0 s'],
])('%s is %s old', (since, text) => {
  expect(formatAge(new Date(since), NOW)).toBe(text);
});
