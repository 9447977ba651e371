// Small objects: those that are put together share a snapshot, so that none of them can be removed by itself.
import { Failure } from '../../domain/failure.js';
import { digestOfBytes } from '../hash.js';
import type { SmallObject } from '../repository.js';
import { type Held, smallTags } from './held.js';
import { rememberSmall } from './memory.js';
import { storeFiles } from './publish.js';
import { readSmall } from './read.js';
import type { ResticSession } from './session.js';

/** Gives the snapshot’s id, or its beginning. */
export const storeSmall = async (
  session: ResticSession,
  objects: readonly SmallObject[],
): Promise<string> => {
  const { id } = await storeFiles(session, {
    keys: objects.map(({ key }) => key),
    files: objects.map(({ key, bytes }) => ({ path: key, bytes })),
    tags: smallTags(objects.map(({ key, bytes }) => ({ key, ...digestOfBytes(bytes) }))),
  });
  for (const { key, bytes } of objects) await rememberSmall(session, { id, key }, bytes);
  return id;
};

/** Those that share a snapshot with this one get another: it can be forgotten then. What cannot be read any more is lost. */
export const keepSiblings = async (session: ResticSession, key: string, held: Held): Promise<void> => {
  const id = held.objects.get(key)?.id;
  const siblings = [...held.objects.values()].filter((one) => one.id === id && one.key !== key);
  const kept: SmallObject[] = [];
  for (const sibling of siblings) {
    try {
      kept.push({ key: sibling.key, bytes: await readSmall(session, sibling) });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'CORRUPT_ARTIFACT') throw error;
    }
  }
  if (kept.length > 0) await storeSmall(session, kept);
};
