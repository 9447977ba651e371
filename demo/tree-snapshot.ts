// What a folder holds, entry by entry: content, kind, mode, owner, time, and which names are one file.
import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';

export interface TreeSnapshot {
  /** One line of facts for each path, relative to the root; paths are their bytes as Latin-1. */
  entries: Map<string, string>;
  /** The sum of the sizes of all files; one with several names counts once. */
  bytes: number;
}

export const snapshotTree = async (root: string): Promise<TreeSnapshot> => {
  const found: TreeSnapshot = { entries: new Map(), bytes: 0 };
  const seen = new Map<bigint, string>();
  await visit(Buffer.from(root), '.');
  return found;

  async function visit(path: Buffer, name: string): Promise<void> {
    const stats = await lstat(path, { bigint: true });
    const content = await contentOf(path, stats);
    if (stats.isFile() && !seen.has(stats.ino)) found.bytes += Number(stats.size);
    found.entries.set(name, `${describe(stats)} ${content}${sameFile(stats, name)}`);
    if (!stats.isDirectory()) return;
    const children = await readdir(path, { encoding: 'buffer' });
    for (const child of children.sort(Buffer.compare)) {
      await visit(Buffer.concat([path, Buffer.from('/'), child]), `${name}/${child.toString('latin1')}`);
    }
  }

  function sameFile(stats: BigIntStats, name: string): string {
    if (stats.isDirectory() || stats.nlink < 2n) return '';
    const first = seen.get(stats.ino) ?? name;
    seen.set(stats.ino, first);
    return ` same file as ${first}`;
  }
};

const describe = (stats: BigIntStats): string =>
  `mode ${stats.mode.toString(8)} owner ${stats.uid}:${stats.gid} changed ${stats.mtimeNs}`;

const contentOf = async (path: Buffer, stats: BigIntStats): Promise<string> => {
  if (stats.isSymbolicLink())
    return `to ${(await readlink(path, { encoding: 'buffer' })).toString('latin1')}`;
  if (!stats.isFile()) return '';
  return `size ${stats.size} sha256 ${createHash('sha256')
    .update(await readFile(path))
    .digest('hex')}`;
};
