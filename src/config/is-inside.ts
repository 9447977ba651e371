// Where one absolute path lies as seen from another: by their names alone.
import { relative } from 'node:path';

/** The folder itself counts. */
export const isInside = (path: string, folder: string): boolean => {
  const step = relative(folder, path);
  return step !== '..' && !step.startsWith('../');
};
