import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findTemporalCli } from '../../../src/temporal/cli-binary.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  vi.stubEnv('TEMPORAL_CLI_PATH', '');
  vi.stubEnv('XDG_CACHE_HOME', join(folder, 'cache'));
  vi.stubEnv('PATH', `${join(folder, 'bin')}:/usr/bin:/bin`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const program = async (path: string, version: string): Promise<string> => {
  const file = join(folder, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, `#!/bin/sh\necho 'temporal version ${version} (Server 1.32.0, UI 2.54.1)'\n`);
  await chmod(file, 0o755);
  return file;
};

test('TEMPORAL_CLI_PATH wins', async () => {
  await program('cache/holdfast/temporal-1.9.1/temporal', '1.9.1');
  const own = await program('own/temporal', '1.8.0');
  vi.stubEnv('TEMPORAL_CLI_PATH', own);
  expect(await findTemporalCli()).toBe(own);
});

test('a TEMPORAL_CLI_PATH that leads nowhere is not passed over', async () => {
  await program('cache/holdfast/temporal-1.9.1/temporal', '1.9.1');
  vi.stubEnv('TEMPORAL_CLI_PATH', join(folder, 'nowhere'));
  await expect(findTemporalCli()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
});

test('the pinned one in the cache is preferred to a newer one on PATH', async () => {
  await program('bin/temporal', '1.10.0');
  const pinned = await program('cache/holdfast/temporal-1.9.1/temporal', '1.9.1');
  expect(await findTemporalCli()).toBe(pinned);
});

test.for(['1.9.1', '1.9.2', '1.10.0'])('one on PATH is used when it is version %s', async (version) => {
  const onPath = await program('bin/temporal', version);
  expect(await findTemporalCli()).toBe(onPath);
});

test.for(['1.9.0', '1.8.2', '0.13.2', '2.0.0', 'of nothing'])(
  'one on PATH is refused, with its version, when that is %s',
  async (version) => {
    await program('bin/temporal', version);
    await expect(findTemporalCli()).rejects.toMatchObject({
      code: 'TOOL_MISSING',
      hint: expect.stringContaining('temporal-cli.mjs'),
    });
  },
);

test('where there is none, the command that fetches it is named', async () => {
  await expect(findTemporalCli()).rejects.toMatchObject({
    message: 'the Temporal CLI 1.9.1 is not installed',
    hint: expect.stringMatching(/node \S+\/scripts\/temporal-cli\.mjs/),
  });
});
