// Folders that a killed process leaves behind, and the next one removes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { removeLeftFolders, withOwnFolder, withTemporaryFolder } from '../../src/tools/own-folder.js';

let above: string;
beforeEach(async () => {
  above = await mkdtemp(join(tmpdir(), 'holdfast-own-folder-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(above, { recursive: true });
});

/** The number of a process that is gone. */
const gone = async (): Promise<number> => {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
};

it('a folder is private, and gone when it was used, also in vain', async () => {
  const place = { above, kind: 'some' };
  const mode = await withOwnFolder(place, async (folder) => (await stat(folder)).mode & 0o777);
  expect(mode).toBe(0o700);
  await expect(withOwnFolder(place, () => Promise.reject(new Error('in vain')))).rejects.toThrow('in vain');
  expect(await readdir(above)).toEqual([]);
});

it('what a killed process left goes; what another one uses, or is something else, stays', async () => {
  const dead = await gone();
  const stay = [
    `some-${process.ppid}-aaaaaa`,
    `something-${dead}-aaaaaa`,
    `other-${dead}-aaaaaa`,
    'some-x-aaaaaa',
  ];
  for (const name of [`some-${dead}-aaaaaa/within`, `some-${process.pid}-aaaaaa`, ...stay])
    await mkdir(join(above, name), { recursive: true });
  await removeLeftFolders({ above, kind: 'some' });
  expect((await readdir(above)).sort()).toEqual(stay.sort());
});

it('a temporary one is made once what was left there is gone, and the first one does not lose its own to the second', async () => {
  vi.stubEnv('TMPDIR', above);
  await mkdir(join(above, `temporary-${await gone()}-aaaaaa`));
  const seen = await withTemporaryFolder('temporary', (first) =>
    withTemporaryFolder('temporary', async (second) => {
      expect([first, second].map((one) => basename(one)).sort()).toEqual((await readdir(above)).sort());
      return 'both';
    }),
  );
  expect(seen).toBe('both');
  expect(await readdir(above)).toEqual([]);
});
