import { expect, test } from 'vitest';
import { caughtUpWords, missedWords } from '../../../src/domain/scheduled-words.js';

const at = (text: string): Date => new Date(text);
const DAILY = { schedule: '0 2 * * *', timezone: 'Europe/Zurich' };

test('moments between the last backup and this one are counted, from the first of them', () => {
  const missed = (moment: string): string => missedWords(DAILY, at('2026-01-10T01:00:00Z'), at(moment));
  expect(missed('2026-01-11T01:00:00Z')).toBe('');
  expect(missed('2026-01-12T01:00:00Z')).toBe('2026-01-11T01:00Z has no backup');
  expect(missed('2026-01-14T01:00:00Z')).toBe('3 moments since 2026-01-11T01:00Z have no backup');
  expect(missed('2036-01-14T01:00:00Z')).toBe('100 or more moments since 2026-01-11T01:00Z have no backup');
});

test('a time of day that clocks leave out is not missed', () => {
  const missed = (last: string, moment: string) =>
    missedWords({ ...DAILY, schedule: '30 2 * * *' }, at(last), at(moment));
  expect(missed('2027-03-27T01:30:00Z', '2027-03-29T00:30:00Z')).toBe('');
  expect(missed('2027-03-26T01:30:00Z', '2027-03-29T00:30:00Z')).toBe('2027-03-27T01:30Z has no backup');
});

test('a run says how late it is, unless its jitter or a short wait explains it', () => {
  const moment = at('2026-01-10T01:00:00Z');
  const words = (minutes: number, jitterMs = 0): string =>
    caughtUpWords(moment, new Date(moment.getTime() + minutes * 60_000), jitterMs);
  expect(words(15)).toBe('');
  expect(words(75, 3_600_000)).toBe('');
  expect(words(40)).toBe('made for 2026-01-10T01:00Z, 40 min later: nothing could be made then');
  expect(words(60 * 7)).toContain(', 7 h later:');
  expect(words(60 * 24 * 3)).toContain(', 3 d later:');
});
