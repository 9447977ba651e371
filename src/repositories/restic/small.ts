// Small objects: those that are put together share a snapshot, so that none of them can be removed by itself. It makes objects
// of artifacts too that were left for later.
import { Failure } from '../../domain/failure.js';
import { digestOfBytes } from '../hash.js';
import type { SmallObject } from '../repository.js';
import type { Held } from './held.js';
import type { Noted } from './later.js';
import { rememberSmall } from './memory.js';
import { artifactFile, type SmallFiles, storeFiles } from './publish.js';
import { readSmall } from './read.js';
import type { ResticSession } from './session.js';
import { ITSELF, sharedTag, smallTags } from './tags.js';

export type KeyedNote = Noted & { key: string };

/** Gives the snapshot’s id, or its beginning. */
export const storeTogether = async (
  session: ResticSession,
  objects: readonly SmallObject[],
  artifacts: readonly KeyedNote[] = [],
): Promise<string> => {
  const { id } = await storeFiles(session, filesOf(objects, artifacts));
  for (const { key, bytes } of objects) await rememberSmall(session, { id, key }, bytes);
  return id;
};

const filesOf = (objects: readonly SmallObject[], artifacts: readonly KeyedNote[]): SmallFiles => {
  const small = artifacts.flatMap(({ key, small: bytes }) => (bytes === null ? [] : [{ key, bytes }]));
  const large = artifacts.filter(({ small: bytes }) => bytes === null);
  return {
    keys: [...objects, ...small].map(({ key }) => key),
    files: [
      ...[...objects, ...small].map(({ key, bytes }) => ({ path: key, bytes })),
      ...large.map(({ key, bytes, sha256, parts }) => artifactFile(key, { bytes, sha256, parts })),
    ],
    tags: [
      // As of the data of every artifact: whoever has only restic finds it so.
      ...(small.length > 0 ? ['data'] : []),
      ...smallTags(objects.map(({ key, bytes }) => ({ key, ...digestOfBytes(bytes) }))),
      ...artifacts.map((one) => sharedTag({ ...one, parts: partsOf(one) })),
    ],
  };
};

const partsOf = ({ bytes, parts, small }: KeyedNote) =>
  small === null ? parts : [{ id: ITSELF, bytes, form: 'stream' as const }];

/** Those that share a snapshot with this one get another: it can be forgotten then. What cannot be read any more is lost. */
export const keepSiblings = async (session: ResticSession, key: string, held: Held): Promise<void> => {
  const id = held.objects.get(key)?.id;
  const siblings = [...held.objects.values()].filter((one) => one.id === id && one.key !== key);
  const kept: SmallObject[] = [];
  const artifacts: KeyedNote[] = [];
  for (const { parts, ...sibling } of siblings) {
    const { bytes, sha256 } = sibling;
    if (parts?.every((part) => part.id !== id)) {
      artifacts.push({ key: sibling.key, bytes, sha256, parts, small: null });
      continue;
    }
    try {
      const read = await readSmall(session, { ...sibling, parts });
      if (parts === null) kept.push({ key: sibling.key, bytes: read });
      else artifacts.push({ key: sibling.key, bytes, sha256, parts: [], small: read });
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'CORRUPT_ARTIFACT') throw error;
    }
  }
  if (kept.length + artifacts.length > 0) await storeTogether(session, kept, artifacts);
};
