import { describe, expect, it } from 'vitest';
import { countOf, formatBytes, formatDuration, formatTime } from '../../../src/cli/render/format.js';

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [99_949, '99.9 kB'],
    [99_951, '100 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [1_900_000_000, '1.9 GB'],
    [2.5e18, '2500 PB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [350.4, '350 ms'],
    [12_400, '12.4 s'],
    [59_949, '59.9 s'],
    [59_951, '1 m 00 s'],
    [125_000, '2 m 05 s'],
    [4_320_000, '1 h 12 m'],
  ])('%d milliseconds are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('times and counts', () => {
  it('a time names its zone', () => {
    expect(formatTime('2026-01-11T22:47:48.123Z')).toBe('2026-01-11 22:47:48 UTC');
  });
  it('counts agree with their noun', () => {
    expect([countOf(1, 'table'), countOf(41_203, 'row')]).toEqual(['1 table', '41,203 rows']);
  });
});
