// Where a path that does not exist yet would be created.
import { dirname, resolve } from 'node:path';
import { statusOf } from './status.js';

/** The path itself, or the nearest folder above it that is there. */
export const existingAncestor = async (path: string): Promise<string> => {
  let at = resolve(path);
  while (at !== dirname(at) && !(await statusOf(at))) at = dirname(at);
  return at;
};
