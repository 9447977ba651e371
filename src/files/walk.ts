// What is in a tree now, by stat alone: no file is opened, no link is followed.
import type { BigIntStats } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { Failure } from '../domain/failure.js';
import { type Entry, SYMLINK_MODE } from './entry.js';
import { nameHardLinks } from './hard-links.js';
import { kindOf } from './kind.js';
import { mapLimited } from './limited.js';
import { modificationTime } from './modification-time.js';
import { absoluteBytes } from './path-bytes.js';
import { unlessVanished } from './vanished.js';

/**
 * Entries in byte order. Leaves out `.holdfast-*` at every depth, and what vanishes meanwhile.
 * Fails with TREE_MISSING where there is no folder, with UNREADABLE_FILES where one cannot be read: a tree is never walked in part.
 */
export const walk = async (root: string): Promise<Entry[]> => {
  const top = await readEntry(root, '.');
  if (top?.entry.kind !== 'folder') throw new Failure('TREE_MISSING', `there is no folder ${root}`);
  const found = [top];
  let folders = ['.'];
  while (folders.length > 0) {
    const inside = (await mapLimited(folders, 8, (folder) => readFolder(root, folder))).flat();
    for (const item of inside) found.push(item);
    folders = inside.filter(({ entry }) => entry.kind === 'folder').map(({ entry }) => entry.path);
  }
  nameHardLinks(sharedInodes(found));
  return found.map(({ entry }) => entry).sort(byPath);
};

interface Found {
  entry: Entry;
  /** Empty when it has one name only. */
  inode: string;
}

const byPath = (a: Entry, b: Entry): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

const readFolder = async (root: string, folder: string): Promise<Found[]> => {
  const names = await unlessVanished(root, folder, () => readdir(absoluteBytes(root, folder), 'latin1'));
  const paths = (names ?? [])
    .filter((name) => !name.startsWith('.holdfast-'))
    .map((name) => (folder === '.' ? name : `${folder}/${name}`));
  return (await mapLimited(paths, 32, (path) => readEntry(root, path))).filter((found) => found !== null);
};

const readEntry = async (root: string, path: string): Promise<Found | null> => {
  const absolute = absoluteBytes(root, path);
  return await unlessVanished(root, path, async () => {
    const stats = await lstat(absolute, { bigint: true });
    const link = stats.isSymbolicLink() ? await readlink(absolute, 'latin1') : '';
    const shared = stats.nlink > 1n && !stats.isDirectory();
    return { entry: entryOf(path, stats, link), inode: shared ? `${stats.dev}:${stats.ino}` : '' };
  });
};

const entryOf = (path: string, stats: BigIntStats, link: string): Entry => {
  const kind = kindOf(stats);
  return {
    path,
    kind,
    mode: kind === 'symlink' ? SYMLINK_MODE : Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: kind === 'file' ? Number(stats.size) : 0,
    mtime: modificationTime(stats.mtimeNs),
    link,
    hardLinkOf: '',
  };
};

const sharedInodes = (found: readonly Found[]): Iterable<Entry[]> => {
  const groups = new Map<string, Entry[]>();
  for (const { entry, inode } of found) {
    if (inode === '') continue;
    const group = groups.get(inode);
    if (group) group.push(entry);
    else groups.set(inode, [entry]);
  }
  return groups.values();
};
