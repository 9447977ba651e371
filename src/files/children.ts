// What lies directly in a folder.
import { readdir } from 'node:fs/promises';
import { mapLimited } from './limited.js';
import { absoluteBytes } from './path-bytes.js';
import { statusOf } from './status.js';

export interface Child {
  /** A byte string. */
  name: string;
  /** Decimal. */
  inode: string;
}

/** In byte order, without `.holdfast-*`. */
export const childrenOf = async (folder: string): Promise<Child[]> => {
  const names = (await readdir(absoluteBytes(folder, '.'), 'latin1')).sort();
  const own = names.filter((name) => !name.startsWith('.holdfast-'));
  const children = await mapLimited(own, 32, async (name) => {
    const stats = await statusOf(absoluteBytes(folder, name));
    return stats && { name, inode: String(stats.ino) };
  });
  return children.filter((child) => child !== null);
};
