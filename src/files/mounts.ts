// Where filesystems are mounted: a mount point cannot be renamed.
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isErrno, statusOf } from './status.js';

/** Linux sees bind mounts on one device too; elsewhere a mount point is a folder on another device than its parent. */
export const isMountPoint = async (path: string): Promise<boolean> => {
  const real = await realPathOf(path);
  if (real === null) return false;
  const mounts = await mountPoints();
  if (mounts) return mounts.includes(latin1(real));
  const [own, parent] = await Promise.all([statusOf(real), statusOf(dirname(real))]);
  return real === '/' || own?.dev !== parent?.dev;
};

/** What is mounted somewhere inside a folder, as byte strings; outside Linux only what is mounted on its direct children. */
export const mountsInside = async (folder: string): Promise<string[]> => {
  const real = await realPathOf(folder);
  if (real === null) return [];
  const mounts = await mountPoints();
  if (mounts) return mounts.filter((mount) => mount.startsWith(`${latin1(real).replace(/\/$/, '')}/`));
  const children = (await readdir(real)).map((name) => join(real, name));
  const found = await Promise.all(
    children.map(async (child) => ((await isMountPoint(child)) ? child : null)),
  );
  return found.filter((child) => child !== null).map(latin1);
};

const latin1 = (path: string): string => Buffer.from(path).toString('latin1');

const realPathOf = async (path: string): Promise<string | null> => {
  try {
    return await realpath(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
};

/** proc_pid_mountinfo(5): the fifth field, with space, tab, newline and backslash in octal. null where there is no /proc. */
const mountPoints = async (): Promise<string[] | null> => {
  if (process.platform !== 'linux') return null;
  const lines = (await readFile('/proc/self/mountinfo', 'latin1')).split('\n');
  return lines.filter((line) => line !== '').map((line) => unescaped(line.split(' ')[4] ?? ''));
};

const unescaped = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_match, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
