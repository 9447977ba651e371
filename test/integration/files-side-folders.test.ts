// Side folders and mount points, on the real filesystem; as root with real mounts.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { freeBytes } from '../../src/files/free-space.js';
import { identityOf } from '../../src/files/identity.js';
import { isMountPoint, mountsInside } from '../../src/files/mounts.js';
import { absoluteBytes } from '../../src/files/path-bytes.js';
import {
  createSideFolder,
  emptySideFolder,
  removeSideFolder,
  sidePaths,
} from '../../src/files/side-folders.js';
import { bindMount } from '../support/mounts.js';
import { notingEffect } from '../support/stopping-effect.js';

const SIDE = '.holdfast-0123456789-storage-new';
let base: string;

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'holdfast-side-')));
});
afterEach(() => rm(base, { recursive: true, force: true }));

describe('a side folder', () => {
  it('is made private, with the folders above it, and making it again is fine while it is empty', async () => {
    const path = join(base, 'a', 'b', SIDE);
    await createSideFolder(path, runEffect);
    chmodSync(path, 0o755);
    await createSideFolder(path, runEffect);
    expect(statSync(path).mode & 0o7777).toBe(0o700);
    writeFileSync(join(path, 'x'), '');
    await expect(createSideFolder(path, runEffect)).rejects.toMatchObject({ code: 'TREE_NOT_SWAPPABLE' });
  });

  it('is emptied and removed with names of any bytes and folders that nobody may enter, and never through a link', async () => {
    const path = join(base, SIDE);
    const outside = join(base, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'kept');
    for (const remove of [emptySideFolder, removeSideFolder]) {
      await createSideFolder(path, runEffect);
      mkdirSync(absoluteBytes(path, 'deep\xff/deeper\n'), { recursive: true });
      writeFileSync(absoluteBytes(path, 'deep\xff/deeper\n/\xfe'), '');
      symlinkSync(outside, join(path, 'link'));
      symlinkSync(outside, absoluteBytes(path, 'deep\xff/link'));
      chmodSync(absoluteBytes(path, 'deep\xff/deeper\n'), 0);
      chmodSync(path, 0o755);
      await remove(path, runEffect);
      expect(existsSync(path)).toBe(remove === emptySideFolder);
      if (remove === emptySideFolder) {
        expect(readdirSync(path)).toEqual([]);
        expect(statSync(path).mode & 0o7777).toBe(0o700);
      }
      const nothing: string[] = [];
      await removeSideFolder(path, runEffect);
      await remove(path, notingEffect(nothing));
      expect(nothing).toEqual([]);
    }
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('kept');
  });

  it('that was replaced by a link is not followed', async () => {
    const outside = join(base, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'precious'), 'kept');
    symlinkSync(outside, join(base, SIDE));
    await expect(createSideFolder(join(base, SIDE), runEffect)).rejects.toMatchObject({
      code: 'TREE_NOT_SWAPPABLE',
    });
    await emptySideFolder(join(base, SIDE), runEffect);
    expect(readdirSync(base).sort()).toEqual([SIDE, 'outside']);
    await removeSideFolder(join(base, SIDE), runEffect);
    expect(readdirSync(base)).toEqual(['outside']);
    expect(readFileSync(join(outside, 'precious'), 'utf8')).toBe('kept');
  });

  it.each(['storage', '.holdfast-x', '.holdfast-0123456789-storage-new.old', '.holdfast-0123456789-a-other'])(
    'called %s is none of ours and is never touched',
    async (name) => {
      const path = join(base, name);
      mkdirSync(path);
      writeFileSync(join(path, 'precious'), 'kept');
      for (const touch of [createSideFolder, emptySideFolder, removeSideFolder]) {
        await expect(touch(path, runEffect)).rejects.toThrow('refused to touch');
      }
      expect(readdirSync(path)).toEqual(['precious']);
    },
  );

  it('is not removed while something is mounted in it', async () => {
    const path = join(base, SIDE);
    const { mounted, unmount } = await bindMount(join(path, 'mounted'));
    try {
      writeFileSync(join(path, 'mounted', 'precious'), 'kept');
      const removed = removeSideFolder(path, runEffect).then(
        () => 'removed',
        (error: unknown) => error,
      );
      const refusal = expect.objectContaining({ message: expect.stringContaining('is mounted in it') });
      expect(await removed).toEqual(mounted ? refusal : 'removed');
      expect(existsSync(join(path, 'mounted', 'precious'))).toBe(mounted);
    } finally {
      await unmount();
    }
  });
});

describe('the place of side folders', () => {
  it('is beside a folder, and beside where a missing one would be', async () => {
    mkdirSync(join(base, 'live'));
    for (const live of ['live', 'live/', 'missing']) {
      expect(await sidePaths(join(base, live), '0123456789', 'storage')).toEqual({
        incoming: join(base, SIDE),
        outgoing: join(base, '.holdfast-0123456789-storage-previous'),
        way: 'rename',
      });
    }
  });

  it('is inside a mount point, also one on the same device', async () => {
    const { mounted, unmount } = await bindMount(join(base, 'a "volume"\t\\x'));
    try {
      const live = mounted ? join(base, 'a "volume"\t\\x') : '/dev/shm';
      expect(await sidePaths(live, '0123456789', 'storage')).toMatchObject({
        incoming: join(live, SIDE),
        way: 'children',
      });
    } finally {
      await unmount();
    }
  });

  it('is inside a folder that has to stay', async () => {
    const live = join(base, 'held');
    mkdirSync(live);
    expect(await sidePaths(live, '0123456789', 'storage', { way: 'children' })).toEqual({
      incoming: join(live, '.holdfast-0123456789-storage-new'),
      outgoing: join(live, '.holdfast-0123456789-storage-previous'),
      way: 'children',
    });
  });

  it('is refused to a link, to a file, and to a tree with another filesystem inside', async () => {
    mkdirSync(join(base, 'live'));
    writeFileSync(join(base, 'file'), '');
    symlinkSync('live', join(base, 'link'));
    const place = (live: string) => sidePaths(live, '0123456789', 'storage');
    const code = 'TREE_NOT_SWAPPABLE';
    await expect(place(join(base, 'link'))).rejects.toMatchObject({
      code,
      hint: `write ${base}/live in holdfast.yaml instead`,
    });
    await expect(place(join(base, 'file'))).rejects.toMatchObject({ code });
    await expect(place('/')).rejects.toMatchObject({
      code,
      message: expect.stringContaining('mounted inside /'),
    });
  });
});

describe('mount points', () => {
  it('are told from folders, files and nothing', async () => {
    expect(await isMountPoint('/')).toBe(true);
    expect(await isMountPoint('/proc')).toBe(true);
    expect(await isMountPoint('/proc/self')).toBe(false);
    expect(await isMountPoint(base)).toBe(false);
    expect(await isMountPoint(join(base, 'nothing'))).toBe(false);
    expect(await mountsInside(base)).toEqual([]);
    expect(await mountsInside('/')).toContain('/proc');
  });

  it('are found through a link and below a folder, with names that /proc escapes', async () => {
    const volume = join(base, 'sp ace\\\n');
    const { mounted, unmount } = await bindMount(volume);
    try {
      symlinkSync(volume, join(base, 'link'));
      expect(await isMountPoint(volume)).toBe(mounted);
      expect(await isMountPoint(join(base, 'link'))).toBe(mounted);
      expect(await mountsInside(base)).toEqual(mounted ? [volume] : []);
      expect(await mountsInside(volume)).toEqual([]);
    } finally {
      await unmount();
    }
  });
});

describe('free space', () => {
  it('is what df says, also for a path that does not exist yet', async () => {
    const { stdout } = await execa('df', ['--block-size=1', '--output=avail', base]);
    const expected = Number(stdout.split('\n')[1]);
    for (const path of [base, join(base, 'not', 'yet', 'there')]) {
      expect(Math.abs((await freeBytes(path)) - expected)).toBeLessThan(2 ** 30);
    }
  });
});

describe('an identity', () => {
  it('stays with a folder through renames and changes, and a new folder of the same name has another', async () => {
    const [path, moved] = [join(base, 'folder'), join(base, 'moved')];
    mkdirSync(path);
    const before = await identityOf(path);
    await execa('mv', [path, moved]);
    chmodSync(moved, 0o711);
    expect(await identityOf(moved)).toEqual(before);
    expect(await identityOf(path)).toBeNull();
    await rm(moved, { recursive: true });
    mkdirSync(path);
    expect(await identityOf(path)).not.toEqual(before);
  });
});
