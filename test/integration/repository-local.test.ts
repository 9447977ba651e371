// What only a repository in a local folder promises: private modes, and a sentence for everything a disk can say.
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { localRepository } from '../../src/repositories/local/local.js';
import { canMount, isRoot, mountMemory } from '../support/mounts.js';
import { rememberingRegister } from '../support/programs.js';
import { bytesOf, shellSource, storeContext } from '../support/repository.js';

let folder: string;
let path: string;
const undo: (() => void)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-local-'));
  path = join(folder, 'backups');
});

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) step();
  await rm(folder, { recursive: true, force: true });
});

const repository = (at = path) => localRepository({ kind: 'local', name: 'usb', path: at });
const small = Buffer.from('{}');
const unreachable = (what: string | RegExp) => ({
  code: 'REPOSITORY_UNREACHABLE',
  message: expect.stringMatching(what),
});

/** A small disk of its own. Where it cannot be had, CI fails here and a developer's machine leaves the tests out. */
const mountDisk = async (options: string): Promise<void> => {
  await mkdir(path);
  mountMemory(options, path);
  undo.push(() => void execFileSync('umount', [path]));
};

/** Root may write everywhere. */
const becomeOrdinary = (): void => {
  if (!isRoot) return;
  process.seteuid?.(65_534);
  undo.push(() => process.seteuid?.(0));
};

const filesBelow = async (root: string): Promise<string[]> =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name);

describe('modes', () => {
  it('gives files 0600 and folders 0700, whatever the umask allows', async () => {
    const before = process.umask(0);
    try {
      await repository().store('edms/b1', shellSource('a.dump', 'echo a'), storeContext());
      await repository().put('edms/b1/manifest.json', small, runEffect);
    } finally {
      process.umask(before);
    }
    const modes: Record<string, string> = {};
    for (const name of ['', 'edms', 'edms/b1', 'edms/b1/a.dump.zst', 'edms/b1/manifest.json'])
      modes[name] = ((await stat(join(path, name))).mode & 0o777).toString(8);
    expect(modes).toEqual({
      '': '700',
      edms: '700',
      'edms/b1': '700',
      'edms/b1/a.dump.zst': '600',
      'edms/b1/manifest.json': '600',
    });
  });

  it('leaves the modes of a folder that is there already as somebody chose them', async () => {
    await mkdir(path);
    await chmod(path, 0o750);
    await repository().put('edms/b1/manifest.json', small, runEffect);
    expect((await stat(path)).mode & 0o777).toBe(0o750);
  });
});

describe.runIf(canMount() || process.env.CI)('a disk of its own', () => {
  it('that is full stops an artifact with DISK_FULL, and nothing of it is left', async () => {
    await mountDisk('size=1m');
    const register = rememberingRegister();
    const storing = repository().store(
      'edms/b1',
      shellSource('a.dump', 'head -c 30000000 /dev/urandom; exec sleep 3600'),
      storeContext({ processes: register.register }),
    );
    await expect(storing).rejects.toMatchObject({
      code: 'DISK_FULL',
      message: `repository usb at ${path} is full`,
    });
    expect(await filesBelow(path)).toEqual([]);
    expect(await register.left()).toEqual([]);
  });

  it('that is full stops a small object with DISK_FULL, and nothing of it is left', async () => {
    await mountDisk('size=64k');
    const putting = repository().put('edms/b1/manifest.json', Buffer.alloc(200_000), runEffect);
    await expect(putting).rejects.toMatchObject({ code: 'DISK_FULL' });
    expect(await filesBelow(path)).toEqual([]);
  });

  it('stops an object with DISK_FULL when there is no room for a folder', async () => {
    await mountDisk('size=1m,nr_inodes=2');
    const putting = repository().put('edms/b1/manifest.json', small, runEffect);
    await expect(putting).rejects.toMatchObject({ code: 'DISK_FULL' });
  });

  it('says how much still fits', async () => {
    await mountDisk('size=1m');
    expect(await repository().freeBytes()).toBe(1 << 20);
  });

  it('cannot be used when it is read-only, and says so', async () => {
    await mountDisk('size=1m,ro');
    await expect(repository().check()).rejects.toMatchObject(unreachable(/cannot be written/));
    await expect(repository().put('edms/b1/m', small, runEffect)).rejects.toMatchObject(
      unreachable(/read-only file system/),
    );
  });
});

describe('a place that cannot be used', () => {
  it('is made by the first backup when only the repository’s own folder is missing', async () => {
    await repository().check();
    expect(await repository().freeBytes()).toBeGreaterThan(0);
    expect(await readdir(folder)).toEqual([]);
    await repository().put('edms/b1/manifest.json', small, runEffect);
    expect(await repository().get('edms/b1/manifest.json')).toEqual(small);
  });

  it('is named when the folder above it is missing too: a disk may not be mounted', async () => {
    const lost = repository(join(folder, 'mnt', 'backups'));
    await expect(lost.check()).rejects.toMatchObject(unreachable(join(folder, 'mnt')));
    const storing = lost.store('edms/b1', shellSource('a.dump', 'echo a'), storeContext());
    await expect(storing).rejects.toMatchObject(unreachable(/is missing/));
    expect(await lost.freeBytes()).toBeNull();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is named when it is a file', async () => {
    await writeFile(path, '');
    await expect(repository().check()).rejects.toMatchObject(unreachable(/not a folder/));
    await expect(repository().list('edms')).rejects.toMatchObject(unreachable(/not a directory/));
    await expect(repository().put('edms/b1/m', small, runEffect)).rejects.toMatchObject(unreachable(/./));
  });

  it('is named when this user may not write there', async () => {
    await mkdir(path, { mode: 0o500 });
    await chmod(folder, 0o755);
    becomeOrdinary();
    const refused = unreachable(/cannot be written|permission denied/);
    await expect(repository().check()).rejects.toMatchObject(refused);
    await expect(repository().put('edms/b1/m', small, runEffect)).rejects.toMatchObject(refused);
  });

  it('does not call an artifact missing that merely cannot be read', async () => {
    await mkdir(join(path, 'edms/b1'), { recursive: true });
    await writeFile(join(path, 'edms/b1/file'), '');
    await expect(repository().open('edms/b1/file/a.zst')).rejects.toMatchObject(
      unreachable(/not a directory/),
    );
  });
});

it('clears away what a killed check left', async () => {
  await mkdir(path);
  await writeFile(join(path, '.probe.0123456789ab.partial'), '');
  await repository().check();
  expect(await readdir(path)).toEqual([]);
});

it('clears away what a killed attempt left of a small object, once the object is there', async () => {
  await mkdir(join(path, 'edms/b1'), { recursive: true });
  const left = join(path, 'edms/b1/.manifest.json.0123456789ab.partial');
  await writeFile(left, 'half');
  await repository().put('edms/b1/manifest.json', small, runEffect);
  expect(await readdir(join(path, 'edms/b1'))).toEqual(['manifest.json']);
  await writeFile(left, 'half');
  await repository().put('edms/b1/manifest.json', small, runEffect);
  expect(await readdir(join(path, 'edms/b1'))).toEqual(['manifest.json']);
});

it('takes only its own unfinished files for such', async () => {
  await mkdir(join(path, 'edms/b1'), { recursive: true });
  const others = ['.a.dump.zst.partial', '.a.dump.zst.moved.0123456789ab.partial', '.notes'];
  for (const name of others) await writeFile(join(path, 'edms/b1', name), '');
  await writeFile(join(path, 'edms/b1/.a.dump.zst.0123456789ab.partial'), 'half');
  await repository().store('edms/b1', shellSource('a.dump', 'echo a'), storeContext());
  expect((await readdir(join(path, 'edms/b1'))).toSorted()).toEqual([...others, 'a.dump.zst'].toSorted());
  expect(await repository().list('edms')).toHaveLength(1);
});

it('reads an artifact in a constant amount of memory', async () => {
  await repository().store('edms/b1', shellSource('a.dump', 'head -c 60000000 /dev/urandom'), storeContext());
  const stream = await repository().open('edms/b1/a.dump.zst');
  let largest = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) largest = Math.max(largest, chunk.length);
  expect(largest).toBeLessThanOrEqual(1 << 20);
  expect((await bytesOf(await repository().open('edms/b1/a.dump.zst', 59_000_000))).length).toBeGreaterThan(
    0,
  );
});
