// The log's entries in one repository. What was read once, with the size and the time it had, need not be read again: entries
// never change. The memory of them is harmless to delete.
import { Failure } from '../domain/failure.js';
import { mapLimited } from '../files/limited.js';
import { openRepository } from '../repositories/open-repository.js';
import type { ObjectInfo } from '../repositories/repository.js';
import { type CachePlace, cacheFile, recall, remember } from './cache.js';
import { isLogName, logFolderIn, parseLogObject, type StoredEntry } from './log-object.js';

export interface HeldEntry {
  name: string;
  /** null: it cannot be read, or its signature does not hold. */
  stored: StoredEntry | null;
}

/** Failure when the repository does not answer. @param place.fresh every byte is read again */
export const entriesIn = async (place: CachePlace & { fresh: boolean }): Promise<HeldEntry[]> => {
  const repository = openRepository(place.repository);
  const { deployment } = place;
  const [objects, cache] = await Promise.all([
    repository.list(logFolderIn(deployment)),
    place.fresh ? new Map<string, Cached>() : readCache(place),
  ]);
  const held = await mapLimited(objects, READ_AT_ONCE, async (object) => {
    const name = object.key.slice(object.key.lastIndexOf('/') + 1);
    const known = cache.get(name);
    if (known !== undefined && isSame(known, object)) return { name, stored: known.stored, object };
    const bytes = isLogName(name) ? await repository.get(object.key).catch(nullWhereDamaged) : null;
    const stored = bytes === null ? null : parseLogObject(bytes, { deployment, name });
    return { name, stored, object };
  });
  if (held.some(({ name, stored }) => stored !== null && cache.get(name)?.stored !== stored))
    await remember<Line>(
      cacheFile(place, 'log'),
      held.flatMap(({ stored, object }) =>
        stored === null ? [] : [[object.bytes, object.modifiedAt.getTime(), stored]],
      ),
    );
  return held.map(({ name, stored }) => ({ name, stored }));
};

/** For a log whose other entries are read all the same. */
export const nullWhereDamaged = (error: unknown): null => {
  if (error instanceof Failure && error.code === 'CORRUPT_ARTIFACT') return null;
  throw error;
};

const READ_AT_ONCE = 16;

interface Cached {
  bytes: number;
  modifiedAt: number;
  stored: StoredEntry;
}

const isSame = ({ bytes, modifiedAt }: Cached, object: ObjectInfo): boolean =>
  bytes === object.bytes && modifiedAt === object.modifiedAt.getTime();

type Line = [bytes: number, modifiedAt: number, stored: StoredEntry];

const readCache = async (place: CachePlace): Promise<Map<string, Cached>> => {
  const lines = await recall<Line>(cacheFile(place, 'log'));
  return new Map(lines.map(([bytes, modifiedAt, stored]) => [stored.name, { bytes, modifiedAt, stored }]));
};
