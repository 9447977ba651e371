// A restic repository: it compresses, encrypts and deduplicates by itself, so every backup is full to restore and costs
// little to store. What is removed frees its bytes when the repository is pruned.
import { isAbsolute } from 'node:path';
import type { ResticSettings } from '../../config/schema-restic.js';
import { Failure } from '../../domain/failure.js';
import { freeBytesAt } from '../local/check.js';
import type { Repository } from '../repository.js';
import { checkRestic } from './check.js';
import { confirmObjects } from './confirm.js';
import { resticReceiveFrom } from './copy.js';
import { resticLocation } from './failure.js';
import { heldIn } from './held.js';
import { inspectRestic } from './inspect.js';
import { mendRestic } from './mend.js';
import { resticPut } from './put.js';
import { readObject, readSmall } from './read.js';
import { resticReceive } from './receive.js';
import { reclaim } from './reclaim.js';
import { removeFolder, removeObject, takeRemoved, unfinishedParts } from './remove.js';
import { resticSession } from './session.js';
import { resticStore } from './store.js';

export const resticRepository = (settings: ResticSettings): Repository => {
  const session = resticSession(settings);
  const objectAt = async (key: string) => (await heldIn(session, key)).objects.get(key) ?? null;
  return {
    name: settings.name,
    kind: 'restic',
    location: resticLocation(settings),
    store: (folder, source, context) =>
      resticStore(session, { key: `${folder}/${source.name}`, source }, context),
    receive: (key, stored, context) => resticReceive(session, { key, stored }, context),
    receiveFrom: async (key, { from, ...stored }, context) =>
      from.kind === 'restic' &&
      resticReceiveFrom(session, { key, stored, source: resticSession(from) }, context),
    open: async (key, offset = 0) => {
      const object = await objectAt(key);
      if (object !== null) return readObject(session, object, offset);
      throw new Failure('CORRUPT_ARTIFACT', `${key} is missing in repository ${settings.name}`);
    },
    put: (key, bytes, effect) => resticPut(session, [{ key, bytes }], effect),
    putTogether: (objects, effect, later) => resticPut(session, objects, effect, later),
    get: async (key) => {
      const object = await objectAt(key);
      return object === null ? null : readSmall(session, object);
    },
    list: async (folder) => {
      const { objects } = await heldIn(session, folder);
      return [...objects.values()]
        .filter(({ key }) => folder === '' || key.startsWith(`${folder}/`))
        .map(({ key, bytes, storedAt }) => ({ key, bytes, modifiedAt: storedAt }));
    },
    remove: (key, effect) => removeObject(session, key, effect),
    removeFolder: (folder, effect) => removeFolder(session, folder, effect),
    unfinished: (folder) => unfinishedParts(session, folder),
    freeBytes: async () => (isAbsolute(settings.repository) ? freeBytesAt(settings.repository) : null),
    confirm: (folder, stored, notes) => confirmObjects(session, { folder, stored, notes }),
    reclaim: (effect, now) => reclaim(session, effect, now),
    takeRemoved: () => takeRemoved(session),
    inspect: (signal) => inspectRestic(session, signal),
    ...(isAbsolute(settings.repository) ? { mend: (context) => mendRestic(session, context) } : {}),
    check: () => checkRestic(session),
  };
};
