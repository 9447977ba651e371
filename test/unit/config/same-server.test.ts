import { expect, test } from 'vitest';
import { sameServer } from '../../../src/config/same-server.js';
import { failureOf } from './holdfast-yaml.js';

const at = (name: string, host: string, more: { port?: number; database?: string } = {}) => ({
  name,
  host,
  port: 5432,
  database: name,
  ...more,
});
const refusal = async (...places: Parameters<typeof sameServer>[0]) =>
  (await failureOf(() => sameServer(places))).message;

test('different databases of one server go together', () => {
  expect(() => sameServer([])).not.toThrow();
  expect(() => sameServer([at('a', 'DB'), at('b', 'db'), at('c', 'db')])).not.toThrow();
  expect(() => sameServer([at('a', 'localhost'), at('b', '127.0.0.1'), at('c', '::1')])).not.toThrow();
});

test('another host, or another port, is another server', async () => {
  const why = '; the databases of a deployment are swapped in one transaction, so they must be on one server';
  expect(await refusal(at('a', 'db1'), at('b', 'db2'))).toBe(
    `database b is on db2:5432 but a is on db1:5432${why}`,
  );
  expect(await refusal(at('a', 'fd00::1'), at('b', 'fd00::1', { port: 5433 }))).toBe(
    `database b is on [fd00::1]:5433 but a is on [fd00::1]:5432${why}`,
  );
});

test('one database cannot be two', async () => {
  expect(await refusal(at('a', 'db'), at('b', 'db'), at('c', 'db', { database: 'a' }))).toBe(
    'database c is the same database as a: a',
  );
});
