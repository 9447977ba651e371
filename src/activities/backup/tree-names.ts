// Which names of a tree are archived, and the file by which tar is told so.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TreeSettings } from '../../config/config.js';
import { asideNames } from '../../files/aside-names.js';
import { type NamedEntry, namesIn } from '../../files/names.js';

/** What a backup holds of it now. */
export const namesOf = ({ path, aside }: TreeSettings): Promise<NamedEntry[]> =>
  aside === undefined ? namesIn(path) : asideNames(path, aside.include);

/** All but sockets, which tar leaves out. */
export const pathsOf = (names: readonly NamedEntry[]): string[] =>
  names.flatMap(({ path, kind }) => (kind === 'socket' ? [] : [path]));

/** The file that tells tar what to archive instead of the whole tree. */
export const namesFile = async (
  scratch: string,
  { name }: TreeSettings,
  paths: readonly string[],
): Promise<string> => {
  const file = join(scratch, `files.${name}.names`);
  const names = paths.flatMap((path) => [Buffer.from(path, 'latin1'), Buffer.alloc(1)]);
  await writeFile(file, Buffer.concat(names), { mode: 0o600 });
  return file;
};
