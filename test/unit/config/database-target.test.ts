import { afterEach, expect, test, vi } from 'vitest';
import type { DatabaseSettings } from '../../../src/config/config.js';
import { databaseTarget } from '../../../src/config/database-target.js';
import { failureOf } from './holdfast-yaml.js';

const place = { name: 'main', path: 'deployments.edms.database' };
const byUrl: DatabaseSettings = { ...place, kind: 'url', url: 'env:HOLDFAST_TEST_URL', password: null };
const run = async (program: string, args: string[]) => `${program} ${args.join(' ')}\n`;

afterEach(() => {
  vi.unstubAllEnvs();
});

test('parts become a target, with the password that their reference leads to', async () => {
  const parts = { host: 'db', port: 5433, user: 'edms', database: 'edms_live' };
  const settings: DatabaseSettings = { ...place, kind: 'parts', ...parts, password: 'command:show edms' };
  expect(await databaseTarget(settings, run)).toEqual({
    name: 'main',
    ...parts,
    password: 'show edms',
    parameters: {},
  });
});

test('a URL from the environment becomes a target, password and parameters included', async () => {
  vi.stubEnv('HOLDFAST_TEST_URL', 'postgres://edms:p%40ss@db/edms?sslmode=require');
  expect(await databaseTarget(byUrl, run)).toEqual({
    name: 'main',
    host: 'db',
    port: 5432,
    user: 'edms',
    password: 'p@ss',
    database: 'edms',
    parameters: { sslmode: 'require' },
  });
});

test('a password may stand beside a URL that has none', async () => {
  const url = 'postgres://edms@db/edms';
  expect(await databaseTarget({ ...byUrl, url, password: 'command:show' }, run)).toMatchObject({
    password: 'show ',
  });
});

test('two passwords are refused without a word of either', async () => {
  vi.stubEnv('HOLDFAST_TEST_URL', 'postgres://edms:pass@db/edms');
  const failure = await failureOf(() => databaseTarget({ ...byUrl, password: 'command:show' }, run));
  expect(failure.message).toBe('deployments.edms.database.password: the URL has a password already');
});

test('a URL that cannot be read is named by its path, and not repeated', async () => {
  vi.stubEnv('HOLDFAST_TEST_URL', 'postgres://edms:s3cret@db/');
  const failure = await failureOf(() => databaseTarget(byUrl, run));
  expect(failure.code).toBe('CONFIG_INVALID');
  expect(failure.message).toBe('deployments.edms.database.url: refers to a URL that names no database');
});
