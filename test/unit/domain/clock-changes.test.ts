import { expect, test } from 'vitest';
import { clockChanges, oddMoments } from '../../../src/domain/clock-changes.js';

const NOVEMBER = new Date('2026-11-21T19:00:30Z');

const odd = (schedule: string, timezone: string, from = NOVEMBER): string[] =>
  oddMoments(schedule, clockChanges(timezone, from, 366)).map(({ kind, local }) => `${local} ${kind}`);

test('in Zurich a night in March has no 02:30, and one in October has two', () => {
  expect(odd('30 2 * * *', 'Europe/Zurich')).toEqual(['2027-03-28 02:30 missing', '2027-10-31 02:30 twice']);
  expect(odd('0 2 * * *', 'Europe/Zurich')).toEqual(['2027-03-28 02:00 missing', '2027-10-31 02:00 twice']);
});

test('before and after the hour in question nothing is odd', () => {
  expect(odd('59 1 * * *', 'Europe/Zurich')).toEqual([]);
  expect(odd('0 3 * * *', 'Europe/Zurich')).toEqual([]);
});

test('only the days on which it comes count', () => {
  expect(odd('30 2 * * mon-sat', 'Europe/Zurich')).toEqual([]);
  expect(odd('30 2 28 * *', 'Europe/Zurich')).toEqual(['2027-03-28 02:30 missing']);
});

test('what comes every hour loses nothing', () => {
  expect(odd('0 * * * *', 'Europe/Zurich')).toEqual([]);
  expect(odd('0 */2 * * *', 'Europe/Zurich')).toEqual(['2027-03-28 02:00 missing', '2027-10-31 02:00 twice']);
});

test('on Lord Howe Island clocks move by half an hour', () => {
  expect(odd('15 2 * * *', 'Australia/Lord_Howe')).toEqual(['2027-10-03 02:15 missing']);
  expect(odd('45 1 * * *', 'Australia/Lord_Howe')).toEqual(['2027-04-04 01:45 twice']);
  expect(odd('15 1 * * *', 'Australia/Lord_Howe')).toEqual([]);
});

test('in São Paulo it was midnight that did not exist, while there was summer time', () => {
  expect(odd('30 0 * * *', 'America/Sao_Paulo', new Date('2018-06-01T00:00:00Z'))).toEqual([
    '2018-11-04 00:30 missing',
  ]);
  expect(odd('30 23 * * *', 'America/Sao_Paulo', new Date('2018-06-01T00:00:00Z'))).toEqual([
    '2019-02-16 23:30 twice',
  ]);
  expect(odd('30 0 * * *', 'America/Sao_Paulo')).toEqual([]);
});

test('where clocks are never moved nothing is odd', () => {
  expect(odd('*/5 0-22 * * *', 'UTC')).toEqual([]);
  expect(odd('*/5 0-22 * * *', 'Asia/Kolkata')).toEqual([]);
});
