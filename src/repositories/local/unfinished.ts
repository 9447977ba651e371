// What interrupted attempts left in a local repository: files without their final name, and folders with nothing in them.
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Effect } from '../../domain/effect.js';
import { syncFolder } from '../../tools/sync.js';
import type { Unfinished } from '../repository.js';
import { nullWhenMissing } from './failure.js';

/** The folder itself is never among them. */
export const unfinishedIn = async (root: string, folder: string): Promise<Unfinished[]> => {
  const found: Unfinished[] = [];
  for (const entry of await entriesOf(join(root, folder))) {
    const key = `${folder}/${entry.name}`;
    if (entry.isFile() && UNFINISHED.test(entry.name))
      found.push(...(await seen(root, key, { words: 'an unfinished file', remove: removeFile })));
    else if (entry.isDirectory() && !entry.name.startsWith('.')) {
      if ((await entriesOf(join(root, key))).length > 0) found.push(...(await unfinishedIn(root, key)));
      else found.push(...(await seen(root, key, { words: 'an empty folder', remove: removeEmpty })));
    }
  }
  return found;
};

const UNFINISHED = /^\..+\.[0-9a-f]{12}\.partial$/;

const entriesOf = async (path: string) =>
  (await readdir(path, { withFileTypes: true }).catch(nullWhenMissing)) ?? [];

interface Kind {
  words: string;
  remove: (path: string) => Promise<void>;
}

const seen = async (root: string, key: string, { words, remove }: Kind): Promise<Unfinished[]> => {
  const path = join(root, key);
  const info = await stat(path).catch(nullWhenMissing);
  if (info === null) return [];
  const act = (effect: Effect) => effect(`remove ${words} from the repository`, () => remove(path));
  return [{ key, words, modifiedAt: info.mtime, remove: act }];
};

const removeFile = (path: string): Promise<void> => rm(path, { force: true });

/** Somebody may have begun to fill it. */
const removeEmpty = async (path: string): Promise<void> => {
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
  await syncFolder(dirname(path));
};
