// Which file or folder it is, whatever its name: the fence that lets a swap be repeated safely.
import { tmpdir } from 'node:os';
import { statusOf } from './status.js';

export interface FileIdentity {
  /** st_dev and st_ino, decimal. */
  device: string;
  inode: string;
  /** Nanoseconds since 1970, decimal; '' where the filesystem does not say. */
  birth: string;
}

/** Of the thing itself, never of what a link points to. null: nothing there. */
export const identityOf = async (path: string): Promise<FileIdentity | null> => {
  const stats = await statusOf(path);
  if (!stats) return null;
  const known = stats.birthtimeNs !== 0n && (await birthsAreTold());
  return {
    device: String(stats.dev),
    inode: String(stats.ino),
    birth: known ? String(stats.birthtimeNs) : '',
  };
};

/** Inode and birth decide; the device only where a birth is unknown, for its number may change when the machine starts again. */
export const sameIdentity = (a: FileIdentity | null, b: FileIdentity | null): boolean => {
  if (!a || !b) return a === b;
  if (a.inode !== b.inode) return false;
  return a.birth === '' || b.birth === '' ? a.device === b.device : a.birth === b.birth;
};

/** Where the system cannot say a birth (no statx), Node gives the time of the last change instead, which a rename moves. */
const birthsAreTold = async (): Promise<boolean> => {
  const old = await Promise.all([process.execPath, tmpdir(), '/', '/etc', '/dev'].map(statusOf));
  return old.some((stats) => stats && stats.birthtimeNs !== 0n && stats.birthtimeNs !== stats.ctimeNs);
};
