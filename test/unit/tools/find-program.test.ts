import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findProgram, postgresProgram } from '../../../src/tools/find-program.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-path-'));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const install = async (name: string, script: string, mode = 0o755): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, mode);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH ?? ''}`);
  return file;
};

describe('a program', () => {
  it('is the first of its name on PATH that can be executed', async () => {
    await install('zstd', '', 0o644);
    expect(await findProgram('zstd')).not.toContain(folder);
    const file = await install('zstd', '');
    expect(await findProgram('zstd')).toBe(file);
    expect(await findProgram(file)).toBe(file);
  });

  it('is not looked for in folders that depend on where the agent was started', async () => {
    vi.stubEnv('PATH', `.:node_modules/.bin:${folder}`);
    await expect(findProgram('tsc')).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });

  it('that is missing is named with the package that holds it', async () => {
    vi.stubEnv('PATH', folder);
    await expect(findProgram('pg_dump')).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      message: 'pg_dump is not installed',
      hint: expect.stringMatching(/postgresql-client.*libpq/),
    });
  });
});

describe('a program of PostgreSQL', () => {
  it('is the one on PATH when it has the server’s major version', async () => {
    const path = await install('pg_dump', 'echo "pg_dump (PostgreSQL) 97.1 (Debian 97.1-1)"');
    expect(await postgresProgram('pg_dump', 97)).toEqual({ path, major: 97 });
  });

  it('may be newer than the server, and not older', async () => {
    const path = await install('pg_dump', 'echo "pg_dump (PostgreSQL) 97beta1"');
    expect(await postgresProgram('pg_dump', 96)).toEqual({ path, major: 97 });
    await expect(postgresProgram('pg_dump', 98)).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      message: 'pg_dump 97 cannot dump a PostgreSQL 98 server',
    });
  });

  it('is missing where Debian’s wrapper has nothing behind it', async () => {
    await install(
      'pg_restore',
      'echo "Error: You must install at least one postgresql-client-<version> package" >&2; exit 1',
    );
    await expect(postgresProgram('pg_restore', 98)).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });
});
