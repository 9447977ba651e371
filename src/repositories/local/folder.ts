// Folders of a local repository: made so that they last, listed without what is unfinished, removed manifest first.
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LocalSettings } from '../../config/config.js';
import type { Effect } from '../../domain/effect.js';
import { makeFolders, syncFolder } from '../../tools/sync.js';
import type { ObjectInfo } from '../repository.js';
import { nullWhenMissing, unreachable } from './failure.js';

/** The repository's own folder is made too, the one above it is not: it may be a disk that is not mounted. */
export const createFolder = async (
  settings: LocalSettings,
  folder: string,
  effect: Effect,
): Promise<void> => {
  if ((await stat(folder).catch(() => null))?.isDirectory()) return;
  const above = dirname(settings.path);
  if ((await stat(above).catch(nullWhenMissing)) === null) {
    throw unreachable(settings, { why: `the folder that should hold it, ${above}, is missing` });
  }
  await effect('create the folder in the repository', () => makeFolders(folder));
};

/** What begins with a dot is unfinished or not ours. */
export const listFiles = async (root: string, folder: string): Promise<ObjectInfo[]> => {
  const entries = (await readdir(join(root, folder), { withFileTypes: true }).catch(nullWhenMissing)) ?? [];
  const found: ObjectInfo[] = [];
  for (const entry of entries) {
    const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) found.push(...(await listFiles(root, key)));
    else if (entry.isFile()) {
      const info = await stat(join(root, key)).catch(nullWhenMissing);
      if (info !== null) found.push({ key, bytes: info.size, modifiedAt: info.mtime });
    }
  }
  return found;
};

/** What begins with a dot is not ours. */
export const listFolders = async (path: string): Promise<string[]> => {
  const entries = (await readdir(path, { withFileTypes: true }).catch(nullWhenMissing)) ?? [];
  return entries.filter((one) => one.isDirectory() && !one.name.startsWith('.')).map(({ name }) => name);
};

/** The files `folder/<one more>/name`: one look each, however much lies beside them. */
export const listNamed = async (root: string, folder: string, name: string): Promise<ObjectInfo[]> => {
  const entries = (await readdir(join(root, folder)).catch(nullWhenMissing)) ?? [];
  const shown = entries.filter((entry) => !entry.startsWith('.'));
  const found = await Promise.all(
    shown.map(async (entry) => {
      const key = `${folder}/${entry}/${name}`;
      const info = await stat(join(root, key)).catch(nullWhenNoFile);
      return info?.isFile() ? [{ key, bytes: info.size, modifiedAt: info.mtime }] : [];
    }),
  );
  return found.flat();
};

/** Beside the backups lie files, too. */
const nullWhenNoFile = (cause: NodeJS.ErrnoException): null =>
  cause.code === 'ENOTDIR' ? null : nullWhenMissing(cause);

/** Gone already is fine. */
export const removeFile = (path: string, effect: Effect): Promise<void> =>
  effect(`remove ${basename(path)} from the repository`, async () => {
    await rm(path, { force: true });
    await syncFolder(dirname(path)).catch(nullWhenMissing);
  });

/** Once the manifest is durably gone it is no backup any more, however much of it a power cut leaves. */
export const removeFolder = async (folder: string, effect: Effect): Promise<void> => {
  const names = await readdir(folder).catch(nullWhenMissing);
  if (names === null) return;
  if (names.includes('manifest.json')) await removeFile(join(folder, 'manifest.json'), effect);
  for (const name of names.filter((other) => other !== 'manifest.json')) {
    await effect(`remove ${name.startsWith('.') ? 'an unfinished file' : name} from the repository`, () =>
      rm(join(folder, name), { recursive: true, force: true }),
    );
  }
  await effect('remove the folder from the repository', async () => {
    await rmdir(folder).catch(nullWhenMissing);
    await syncFolder(dirname(folder));
  });
};
