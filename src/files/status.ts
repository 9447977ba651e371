// lstat that takes "nothing there" for an answer.
import type { BigIntStats, PathLike } from 'node:fs';
import { lstat } from 'node:fs/promises';

/** Of the thing itself, never of what a link points to; null: nothing there. */
export const statusOf = async (path: PathLike): Promise<BigIntStats | null> => {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw error;
  }
};

export const isErrno = (error: unknown, ...codes: string[]): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
