import fc from 'fast-check';
import { expect, test } from 'vitest';
import { listInRanges } from '../../../src/repositories/s3/ranges.js';

const NOW = new Date('2026-11-21T12:00:00Z');

/** A server that gives its keys in order, so many at a time. */
const serverOf = (keys: readonly string[], pageKeys: number) => {
  const sorted = [...new Set(keys)].sort();
  const asked = { pages: 0, now: 0, most: 0 };
  const pageAfter = async (after: string) => {
    asked.pages += 1;
    asked.most = Math.max(asked.most, ++asked.now);
    await new Promise(setImmediate);
    asked.now -= 1;
    const behind = sorted.filter((key) => key > after);
    return {
      listed: behind.slice(0, pageKeys).map((key) => ({ key })),
      more: behind.length > pageKeys,
    };
  };
  return { sorted, asked, pageAfter };
};

const keysOf = (found: readonly { key: string }[] | null) => found?.map(({ key }) => key);

const idAt = (seconds: number): string =>
  `${new Date(seconds * 1000).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;

const FIRST = Date.parse('2019-01-01T00:00:00Z') / 1000;
const LAST = Date.parse('2027-06-01T00:00:00Z') / 1000;

/** Moments of ten years, close together and far apart, some of them to come. */
const moment = fc.oneof(
  fc.integer({ min: FIRST, max: LAST }),
  fc.integer({ min: FIRST, max: FIRST + 300 }),
  fc.integer({ min: LAST - 86_400 * 300, max: LAST }),
);
const name = fc.constantFrom('database.main.dump.zst', 'manifest.json', 'manifest.sig', 'RESTORE.md');
const key = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(moment, name).map(([at, last]) => `edms/${idAt(at)}-full-3f9a/${last}`) },
  { weight: 3, arbitrary: moment.map((at) => `edms/log/${idAt(at)}-backup-0a.json`) },
  // No id, but where a listing may be cut.
  { weight: 2, arbitrary: moment.map((at) => `edms/${idAt(at)}`) },
  fc.constantFrom('edms/', 'edms/owner.json', 'edms/log/manifest.json', 'edms/2020', 'edms/2020/a', 'edms/~'),
  fc.constantFrom('edms/20209999T999999Z-x', 'edms/a/20200101T000000Z-full-0001/manifest.json', 'edms/é'),
);
const keys = fc.array(key, { maxLength: 120 });

test('a listing in ranges gives each key once and in order, whatever the keys and however many come at a time', async () => {
  await fc.assert(
    fc.asyncProperty(
      keys,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 8 }),
      async (...given) => {
        const [all, pageKeys, atOnce] = given;
        const { sorted, asked, pageAfter } = serverOf(all, pageKeys);
        expect(keysOf(await listInRanges({ pageAfter, atOnce, now: NOW }))).toEqual(sorted);
        expect(asked.most).toBeLessThanOrEqual(atOnce);
      },
    ),
    { numRuns: 500 },
  );
});

test('ten thousand hourly backups are listed by eight at once, for little more than their pages', async () => {
  const all = Array.from({ length: 10_000 }, (_, hour) => `edms/${idAt(FIRST + 3600 * hour)}-full-0001/m`);
  for (const now of ['2020-02-21T16:00:00Z', NOW]) {
    const { sorted, asked, pageAfter } = serverOf(all, 200);
    expect(keysOf(await listInRanges({ pageAfter, atOnce: 8, now: new Date(now) }))).toEqual(sorted);
    expect(asked.most).toBe(8);
    expect(asked.pages).toBeLessThan(50 + 25);
  }
});

test('a key that lies just where a listing is cut is given once', async () => {
  const all = Array.from({ length: 30 }, (_, day) => `edms/${idAt(FIRST + 86_400 * day)}`);
  const { pageAfter } = serverOf(all, 10);
  const asked: string[] = [];
  const noting = (after: string) => {
    asked.push(after);
    return pageAfter(after);
  };
  const now = new Date((FIRST + 86_400 * 29) * 1000);
  expect(keysOf(await listInRanges({ pageAfter: noting, atOnce: 2, now }))).toEqual(all);
  expect(asked).toEqual(['', all[9], all[19]]);
});

test('what fits on one page is asked for once', async () => {
  const { sorted, asked, pageAfter } = serverOf(['edms/20260101T000000Z-full-0001/m', 'edms/owner.json'], 2);
  expect(keysOf(await listInRanges({ pageAfter, atOnce: 6, now: NOW }))).toEqual(sorted);
  expect(asked.pages).toBe(1);
});

test('a server that does not list in order, or begins anew each time, is not believed', async () => {
  const all = Array.from({ length: 30 }, (_, day) => `edms/${idAt(FIRST + 86_400 * day)}-full-0001/m`);
  const { sorted, pageAfter } = serverOf(all, 10);
  const anew = () => pageAfter('');
  expect(await listInRanges({ pageAfter: anew, atOnce: 6, now: NOW })).toBeNull();
  const mixed = async () => ({ listed: sorted.toReversed().map((one) => ({ key: one })), more: false });
  expect(await listInRanges({ pageAfter: mixed, atOnce: 6, now: NOW })).toBeNull();
  const empty = async () => ({ listed: [], more: true });
  expect(await listInRanges({ pageAfter: empty, atOnce: 6, now: NOW })).toBeNull();
});

test('a page that fails fails the listing, and no further one is asked for', async () => {
  const all = Array.from({ length: 1000 }, (_, day) => `edms/${idAt(FIRST + 86_400 * day)}-full-0001/m`);
  const { asked, pageAfter } = serverOf(all, 10);
  const failing = async (after: string) => {
    const page = await pageAfter(after);
    if (asked.pages > 20) throw new Error('away');
    return page;
  };
  await expect(listInRanges({ pageAfter: failing, atOnce: 6, now: NOW })).rejects.toThrow('away');
  const { pages } = asked;
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  expect(asked.pages).toBe(pages);
});
