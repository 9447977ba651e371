// Writes a file for this user alone, whole or not at all, and never over another one.
import { randomBytes } from 'node:crypto';
import { link, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../domain/failure.js';
import { syncFolder, writeDurably } from '../tools/sync.js';

/** Mode 0600, durable. @throws INPUT_INVALID where something is there already, or the folder is not */
export const writePrivateFile = async (path: string, text: string): Promise<void> => {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await writeDurably(temporary, text);
    await link(temporary, path);
    await syncFolder(dirname(path)).catch(async (error: unknown) => {
      await rm(path, { force: true });
      throw error;
    });
  } catch (error) {
    throw refusal(path, error);
  } finally {
    await rm(temporary, { force: true });
  }
};

const refusal = (path: string, error: unknown): unknown => {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'EEXIST')
    return new Failure('INPUT_INVALID', `${path} is there already; it stays as it is`, {
      hint: 'name another file, or move that one away',
    });
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new Failure('INPUT_INVALID', `there is no folder ${dirname(path)}`, { hint: 'make it first' });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new Failure('INPUT_INVALID', `${dirname(path)} cannot be written by this user`);
  return error;
};
