import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeConnectionFiles } from '../../../src/tools/postgres-connection.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-connection-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const TARGET = {
  name: 'main',
  host: 'db.example.com',
  port: 5433,
  user: 'app',
  password: 'a:b\\c',
  database: 'edms',
  parameters: { sslmode: 'verify-full', connect_timeout: '3', application_name: 'mine', dbname: 'theirs' },
};

describe('the files of a connection', () => {
  it('name server and database, and let the configuration choose how to connect but not where', async () => {
    const env = await writeConnectionFiles(folder, TARGET, 'holdfast:i:r');
    const lines = (await readFile(env.PGSERVICEFILE ?? '', 'utf8')).split('\n');
    expect(lines[0]).toBe(`[${env.PGSERVICE}]`);
    expect(lines).toEqual(
      expect.arrayContaining([
        'host=db.example.com',
        'port=5433',
        'user=app',
        'dbname=edms',
        'sslmode=verify-full',
        'connect_timeout=3',
        'application_name=holdfast:i:r',
      ]),
    );
    expect(lines.filter((line) => line.startsWith('dbname='))).toHaveLength(1);
  });

  it('hold the password where only this user can read it, and the environment does not', async () => {
    const env = await writeConnectionFiles(folder, TARGET, 'x');
    expect(await readFile(env.PGPASSFILE ?? '', 'utf8')).toBe('*:*:*:*:a\\:b\\\\c\n');
    for (const file of [env.PGPASSFILE, env.PGSERVICEFILE])
      expect((await stat(file ?? '')).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(env)).not.toContain('a:b');
    expect(await readFile(env.PGSERVICEFILE ?? '', 'utf8')).not.toContain('a:b');
  });

  it('are without a password file where there is no password', async () => {
    const env = await writeConnectionFiles(folder, { ...TARGET, password: null }, 'x');
    expect(env).not.toHaveProperty('PGPASSFILE');
  });

  it.each([
    [{ database: 'edms\nhost=elsewhere' }],
    [{ database: ' edms' }],
    [{ user: 'app ' }],
    [{ password: 'two\nlines' }],
    [{ parameters: { sslmode: 'x\r' } }],
  ])('are refused for what they cannot hold (%j)', async (change) => {
    await expect(writeConnectionFiles(folder, { ...TARGET, ...change }, 'x')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});
