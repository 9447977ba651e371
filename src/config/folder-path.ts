// One way of writing each folder, so that texts can be compared.
import { normalize } from 'node:path';

/** Without `..`, doubled slashes and a slash at the end; symbolic links stay. */
export const folderPath = (path: string): string => {
  const normal = normalize(path);
  return normal === '/' ? normal : normal.replace(/\/$/, '');
};
