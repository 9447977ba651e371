// The folders that a restore makes beside a tree, or inside it when it is a mount point. Only what carries such a name is ever removed.
import { chmod, chown, mkdir, readdir, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import { SIDE_FOLDER_PATTERN, sideFolderName } from '../domain/names.js';
import { syncFolder } from '../tools/sync.js';
import { isMountPoint, mountsInside } from './mounts.js';
import { printable } from './path-bytes.js';
import { emptyFolder } from './remove-tree.js';
import { statusOf } from './status.js';
import { explained } from './swap-failure.js';
import { requireSwappable } from './swappable.js';

/**
 * Where a restore stages a tree and where the replaced one goes. Fails where the tree could not be swapped.
 * @param options `children` where the folder itself must stay: a container that runs holds it
 */
export const sidePaths = async (
  live: string,
  operation: string,
  tree: string,
  options: { way?: 'children' | undefined } = {},
): Promise<{ incoming: string; outgoing: string; way: 'rename' | 'children' }> => {
  await requireSwappable(live);
  const way = options.way ?? ((await isMountPoint(live)) ? 'children' : 'rename');
  const place = way === 'children' ? resolve(live) : dirname(resolve(live));
  return {
    incoming: join(place, sideFolderName(operation, tree, 'new')),
    outgoing: join(place, sideFolderName(operation, tree, 'previous')),
    way,
  };
};

/** Empty, private (0700) and this user's own; folders above it are made. Fine when it is there already and empty. */
export const createSideFolder = async (path: string, effect: Effect): Promise<void> => {
  requireSideName(path);
  const parent = dirname(path);
  if (!(await statusOf(parent))) {
    await change(effect, `make the folder ${parent}`, () => mkdir(parent, { recursive: true }));
  }
  await change(effect, `make the folder ${path}`, async () => {
    if (await statusOf(path)) await requireEmptyFolder(path);
    else await mkdir(path, { mode: 0o700 });
    await makePrivate(path);
    await syncFolder(parent);
  });
};

/** Empties it for another attempt, and makes it private again; gone already is fine. */
export const emptySideFolder = async (path: string, effect: Effect): Promise<void> => {
  if (!(await requireRemovable(path))?.isDirectory()) return;
  await change(effect, `empty ${path}`, async () => {
    await emptyFolder(path);
    await makePrivate(path);
  });
};

/** With all that is in it, never through a link; gone already is fine. */
export const removeSideFolder = async (path: string, effect: Effect): Promise<void> => {
  const stats = await requireRemovable(path);
  if (!stats) return;
  await change(effect, `remove ${path}`, async () => {
    if (stats.isDirectory()) {
      await emptyFolder(path);
      await rmdir(path);
    } else await unlink(path);
    await syncFolder(dirname(path));
  });
};

const change = <T>(effect: Effect, what: string, act: () => Promise<T>): Promise<T> =>
  effect(what, () => explained(what, act));

const requireSideName = (path: string): void => {
  if (SIDE_FOLDER_PATTERN.test(basename(path))) return;
  throw new Failure('UNEXPECTED', `refused to touch ${path}: its name is not one that holdfast gives`, {
    retryable: false,
  });
};

const requireRemovable = async (path: string) => {
  requireSideName(path);
  const [mount] = await mountsInside(path);
  if (mount === undefined) return await statusOf(path);
  throw new Failure('TREE_NOT_SWAPPABLE', `will not empty ${path}: ${printable(mount)} is mounted in it`, {
    hint: `unmount ${printable(mount)}, then try again`,
  });
};

const requireEmptyFolder = async (path: string): Promise<void> => {
  const isFolder = (await statusOf(path))?.isDirectory() ?? false;
  if (isFolder && (await readdir(path)).length === 0) return;
  throw new Failure('TREE_NOT_SWAPPABLE', `${path} is there already, and it is not an empty folder`, {
    hint: 'look at it, move it away, then try again',
  });
};

const makePrivate = async (path: string): Promise<void> => {
  if (process.getuid && process.getgid) await chown(path, process.getuid(), process.getgid());
  await chmod(path, 0o700);
};
