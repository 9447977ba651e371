// Part of a folder: which names are stored, and how what was staged of it gets the name under which it stays.
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Effect } from '../../src/domain/effect.js';
import { asideNames } from '../../src/files/aside-names.js';
import { putAside } from '../../src/files/put-aside.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-aside-'));
  for (const name of ['conf/deep', 'storage/much', 'restored-20260111T224748Z-full-3f9a', '.holdfast-x'])
    await mkdir(join(folder, name), { recursive: true });
  for (const name of [
    '.env',
    'compose.yaml',
    'conf/a.conf',
    'conf/b.txt',
    'conf/deep/c',
    'storage/much/d',
    'ü',
  ])
    await writeFile(join(folder, name), name);
  await writeFile(join(folder, 'restored-20260111T224748Z-full-3f9a', '.env'), 'older');
  await symlink('/etc', join(folder, 'conf', 'link.conf'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const names = async (...include: string[]): Promise<string[]> =>
  (await asideNames(folder, include)).map(({ path }) => Buffer.from(path, 'latin1').toString()).sort();

it('what is named is stored, a folder with all that is in it, and the folders on the way', async () => {
  expect(await names('.env', 'conf/*.conf')).toEqual(['.', '.env', 'conf', 'conf/a.conf', 'conf/link.conf']);
  expect(await names('conf')).toEqual([
    '.',
    'conf',
    'conf/a.conf',
    'conf/b.txt',
    'conf/deep',
    'conf/deep/c',
    'conf/link.conf',
  ]);
  expect(await names('ü', '?env')).toEqual(['.', '.env', 'ü']);
});

it('nothing that was put aside before, and nothing of holdfast’s own, is stored: not even by *', async () => {
  const all = await names('*');
  expect(all).toEqual(await names());
  expect(all).toContain('storage/much/d');
  expect(all.filter((name) => /restored|holdfast/.test(name))).toEqual([]);
});

it('a link is stored as a link and not followed', async () => {
  await symlink('storage', join(folder, 'elsewhere'));
  expect(await names('elsewhere')).toEqual(['.', 'elsewhere']);
  await expect(names('elsewhere/much')).rejects.toThrow('there is no elsewhere/much');
});

it('a name that is written out has to be there, of globs together one', async () => {
  await expect(names('.env', 'missing')).rejects.toMatchObject({ code: 'TREE_MISSING' });
  await expect(names('*.toml')).rejects.toThrow(`there is no *.toml in ${folder}`);
  expect(await names('*.toml', '*.yaml')).toEqual(['.', 'compose.yaml']);
  await expect(asideNames(join(folder, 'gone'), [])).rejects.toMatchObject({ code: 'TREE_MISSING' });
});

it('what was staged gets its name once, wherever the agent dies', async () => {
  const from = join(folder, '.holdfast-0123456789-project-new');
  const put = { tree: 'project', from, to: join(folder, 'restored-20260101T000000Z-full-0000') };
  const dies =
    (when: 'before' | 'after'): Effect =>
    async (_name, act) => {
      if (when === 'after') await act();
      throw new Error(`killed ${when}`);
    };
  await mkdir(from);
  await writeFile(join(from, '.env'), 'stored');
  await expect(putAside(put, dies('before'))).rejects.toThrow('killed before');
  expect(await readdir(from)).toEqual(['.env']);
  await expect(putAside(put, dies('after'))).rejects.toThrow('killed after');
  for (let times = 0; times < 2; times += 1) await putAside(put, (_name, act) => act());
  expect(await readdir(put.to)).toEqual(['.env']);
  expect(await readdir(folder)).not.toContain('.holdfast-0123456789-project-new');
});
