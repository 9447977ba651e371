// A repository in a local folder: files 0600, folders 0700. A name of the attempt's own, fsync, the final name, fsync of
// the folder: what has its name is complete and survives a power cut.
import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LocalSettings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import type { Repository } from '../repository.js';
import { checkLocal, freeBytesAt } from './check.js';
import { inRepository, nullWhenMissing } from './failure.js';
import { createFolder, listFiles, listFolders, listNamed, removeFile, removeFolder } from './folder.js';
import { publishBytes } from './publish.js';
import { localReceive } from './receive.js';
import { localStore } from './store.js';
import { unfinishedIn } from './unfinished.js';

const READ_AT_ONCE = 1 << 20;

export const localRepository = (settings: LocalSettings): Repository => {
  const at = (key: string) => join(settings.path, key);
  const within = <T>(act: () => Promise<T>) => inRepository(settings, act);
  return {
    name: settings.name,
    kind: 'local',
    location: settings.path,
    store: (folder, source, context) =>
      within(async () => {
        await createFolder(settings, at(folder), context.effect);
        return localStore({ settings, folder: at(folder) }, source, context);
      }),
    receive: (key, stored, context) =>
      within(async () => {
        await createFolder(settings, dirname(at(key)), context.effect);
        await localReceive({ ...settings, final: at(key) }, stored, context);
      }),
    open: (key, offset = 0) =>
      within(async () => {
        const file = await open(at(key), 'r').catch(nullWhenMissing);
        if (file === null) throw missing(key, settings);
        return createReadStream('', { fd: file, start: offset, highWaterMark: READ_AT_ONCE });
      }),
    put: (key, bytes, effect) =>
      within(async () => {
        await createFolder(settings, dirname(at(key)), effect);
        await publishBytes(at(key), bytes, effect);
      }),
    get: (key) => within(() => readFile(at(key)).catch(nullWhenMissing)),
    list: (folder, name) =>
      within(() =>
        name === undefined ? listFiles(settings.path, folder) : listNamed(settings.path, folder, name),
      ),
    folders: (folder) => within(() => listFolders(at(folder))),
    remove: (key, effect) => within(() => removeFile(at(key), effect)),
    removeFolder: (folder, effect) => within(() => removeFolder(at(folder), effect)),
    unfinished: (folder) => within(() => unfinishedIn(settings.path, folder)),
    freeBytes: () => freeBytesAt(settings.path),
    check: () => within(() => checkLocal(settings)),
  };
};

const missing = (key: string, settings: LocalSettings): Failure =>
  new Failure('CORRUPT_ARTIFACT', `${key} is missing in repository ${settings.name}`);
