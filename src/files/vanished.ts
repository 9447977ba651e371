// A busy tree: what was there a moment ago may be gone.
import { Failure } from '../domain/failure.js';
import { printable } from './path-bytes.js';

/** EINVAL: readlink of what was a link a moment ago. */
const VANISHED = ['ENOENT', 'ENOTDIR', 'EINVAL'];

/** null: it is gone. Failure UNREADABLE_FILES for everything else that the disk says. */
export const unlessVanished = async <T>(
  root: string,
  path: string,
  read: () => Promise<T>,
): Promise<T | null> => {
  try {
    return await read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (VANISHED.includes(code)) return null;
    const name = path === '.' ? root : `${root}/${printable(path)}`;
    throw new Failure('UNREADABLE_FILES', `cannot read ${name} (${code})`, { cause: error });
  }
};
