// Is there room for what will be written here?
import { statfs } from 'node:fs/promises';
import { existingAncestor } from './existing-ancestor.js';

/** Bytes that this user may still write where `path` is, or would be created. */
export const freeBytes = async (path: string): Promise<number> => {
  const { bavail, bsize } = await statfs(await existingAncestor(path), { bigint: true });
  return Number(bavail * bsize);
};
