// Whether artifacts are in a restic repository whole, by what restic counted itself: it names every piece by the SHA-256 of its
// contents, and whatever it counted otherwise than we did became no object. What can still be wrong is that it is gone or
// another one. Reading all of it is verify's.
import { Failure } from '../../domain/failure.js';
import type { StoredObject } from '../repository.js';
import { type Held, heldIn } from './held.js';
import type { ResticSession } from './session.js';

export const confirmObjects = async (
  session: ResticSession,
  folder: string,
  stored: readonly Pick<StoredObject, 'name' | 'bytes' | 'sha256'>[],
): Promise<void> => {
  const held = await heldIn(session, folder);
  for (const { name, ...digest } of stored) {
    const problem = problemOf(held, `${folder}/${name}`, digest);
    if (problem === null) continue;
    throw new Failure(
      'CORRUPT_ARTIFACT',
      `${folder}/${name} in repository ${session.settings.name} is damaged: ${problem}`,
    );
  }
};

const problemOf = (
  { objects, snapshots }: Held,
  key: string,
  { bytes, sha256 }: Pick<StoredObject, 'bytes' | 'sha256'>,
): string | null => {
  const object = objects.get(key);
  if (object === undefined) return 'it is missing';
  if (object.sha256 !== sha256) return 'it is not the one that was stored';
  const parts = object.parts ?? [object];
  if (!parts.every((part) => snapshots.some(({ id }) => id.startsWith(part.id)))) return 'a part is missing';
  const found = parts.reduce((sum, part) => sum + part.bytes, 0);
  return found === bytes ? null : `it has ${found} bytes instead of ${bytes}`;
};
