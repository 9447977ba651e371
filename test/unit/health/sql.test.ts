import { expect, test } from 'vitest';
import { Failure } from '../../../src/domain/failure.js';
import { openHealthCheck } from '../../../src/health/open-health-check.js';

const seen = async (answer: () => Promise<unknown>, query = 'select true'): Promise<string> => {
  const check = openHealthCheck({ kind: 'sql', database: 'main', query }, { query: answer });
  const { ok, words } = await check.check(new AbortController().signal);
  return `${ok ? 'passes' : 'fails'}: ${words}`;
};

test.each([
  [true, 'passes: select true (database main) gave true'],
  [false, 'fails: select true (database main) gave false instead of true'],
  [null, 'fails: select true (database main) gave null instead of true'],
  [undefined, 'fails: select true (database main) gave no row'],
  ['12', 'fails: select true (database main) gave "12" instead of true'],
  ['t', 'fails: select true (database main) gave "t" instead of true'],
])('only true passes: %j', async (value, words) => {
  expect(await seen(() => Promise.resolve(value))).toBe(words);
});

test('what the database says is said', async () => {
  const failure = new Failure('DATABASE_NOT_READY', 'relation "documents" does not exist');
  expect(await seen(() => Promise.reject(failure))).toBe(
    'fails: select true (database main) could not be checked: relation "documents" does not exist',
  );
});

test('a long query is named by its beginning', async () => {
  const words = await seen(() => Promise.resolve(true), `select\n  ${'1 + '.repeat(50)} 1 > 0`);
  expect(words).toMatch(/^passes: select 1 \+ 1 \+ .{50,70}… \(database main\) gave true$/);
});
