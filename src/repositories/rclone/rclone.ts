// A repository on anything that rclone reaches: Azure, Google Cloud, SFTP, WebDAV, B2 and the rest of its list. An object is
// stored under a hidden name and moved to its own when it is complete. No conditional puts there: see putOnce.
import { Readable } from 'node:stream';
import type { RcloneSettings } from '../../config/config.js';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import { rcloneCat, rclonePurge } from '../../tools/rclone.js';
import type { Repository, Unfinished } from '../repository.js';
import { checkRclone, rcloneFreeBytes } from './check.js';
import { isHidden, isUnfinished } from './names.js';
import {
  clearUnfinished,
  everythingIn,
  putOnce,
  readWhole,
  removeObject,
  sizeOf,
  splitKey,
  targetOf,
} from './objects.js';
import { rcloneReceive } from './receive.js';
import { rcloneAnswer, rcloneStream } from './run.js';
import { rcloneStore } from './store.js';

export const rcloneRepository = (settings: RcloneSettings): Repository => {
  return {
    name: settings.name,
    kind: 'rclone',
    location: settings.remote,
    store: (folder, source, context) => rcloneStore(settings, folder, { source, context }),
    receive: (key, stored, context) => rcloneReceive(settings, key, { stored, context }),
    open: (key, offset = 0) => openObject(settings, key, offset),
    put: async (key, bytes, effect) => {
      await clearUnfinished(settings, key, effect);
      await effect(`publish ${splitKey(key).name}`, () => putOnce(settings, key, bytes));
    },
    get: (key) => readWhole(settings, key),
    list: async (folder) => {
      const objects = await everythingIn(settings, folder, { recursive: true });
      return objects.filter(({ key }) => !isHidden(key));
    },
    remove: (key, effect) =>
      effect(`remove ${splitKey(key).name} from the repository`, () => removeObject(settings, key)),
    removeFolder: (folder, effect) => removeFolder(settings, folder, effect),
    unfinished: (folder) => unfinishedIn(settings, folder),
    freeBytes: () => rcloneFreeBytes(settings),
    check: () => checkRclone(settings),
  };
};

/** Past its end some remotes fail, others begin anew. */
const openObject = async (settings: RcloneSettings, key: string, offset: number): Promise<Readable> => {
  const bytes = await sizeOf(settings, key);
  if (bytes === null)
    throw new Failure('CORRUPT_ARTIFACT', `${key} is missing in repository ${settings.name}`);
  if (offset >= bytes) return Readable.from([]);
  return rcloneStream(settings, rcloneCat(targetOf(settings, key), offset));
};

const unfinishedIn = async (settings: RcloneSettings, folder: string): Promise<Unfinished[]> => {
  const objects = await everythingIn(settings, folder, { recursive: true });
  return objects
    .filter(({ key }) => isUnfinished(splitKey(key).name))
    .map(({ key, modifiedAt }) => ({
      ...{ key, words: 'an unfinished object', modifiedAt },
      remove: (effect) =>
        effect(`remove an unfinished object of ${splitKey(key).folder}`, () => removeObject(settings, key)),
    }));
};

const removeFolder = async (settings: RcloneSettings, folder: string, effect: Effect): Promise<void> => {
  const manifest = `${folder}/manifest.json`;
  if ((await sizeOf(settings, manifest)) !== null)
    await effect('remove manifest.json from the repository', () => removeObject(settings, manifest));
  await effect('remove the folder from the repository', async () => {
    await rcloneAnswer(settings, rclonePurge(targetOf(settings, folder))).catch(async (error: unknown) => {
      if ((await everythingIn(settings, folder, { recursive: true })).length > 0) throw error;
    });
  });
};
