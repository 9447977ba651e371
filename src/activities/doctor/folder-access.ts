// Whether other users get at a folder that holds backups or state.
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../domain/findings.js';
import { finding } from './check.js';

const AREA = 'SECURITY';

/** One that others may enter is closed all the same when everything in it is. @param what `repository local` */
export const lookAtFolder = async (what: string, path: string): Promise<Finding[]> => {
  const there = await stat(path).catch(() => null);
  if (there === null) return [];
  const mode = there.mode & 0o7777;
  if ((mode & 0o022) !== 0 && (mode & 0o1000) === 0)
    return [
      finding(
        AREA,
        'problem',
        `${what}: others can put something else into ${path} (mode ${octal(mode)})`,
        `chmod go-w ${path}`,
      ),
    ];
  if ((mode & 0o055) === 0 || !(await readableInside(path)))
    return [finding(AREA, 'ok', `${what}: others can read nothing in ${path}`)];
  return [
    finding(
      AREA,
      'warning',
      `${what}: others can read what is in ${path} (mode ${octal(mode)})`,
      `chmod go-rwx ${path}`,
    ),
  ];
};

/** What is in it, one level deep; an empty one gives nothing away yet. */
const readableInside = async (path: string): Promise<boolean> => {
  const names = await readdir(path).catch(() => []);
  const modes = await Promise.all(
    names.map((name) =>
      stat(join(path, name)).then(
        (inside) => inside.mode,
        () => 0,
      ),
    ),
  );
  return modes.some((mode) => (mode & 0o044) !== 0);
};

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');
