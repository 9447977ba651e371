// Whether an artifact is in a restic repository whole, by what restic counted itself: it names every piece by the SHA-256 of
// its contents and stores none that differs, so that the sizes are what can still be wrong. Reading all of it is verify's.
import { Failure } from '../../domain/failure.js';
import { resticContents } from '../../tools/restic.js';
import { resticFileBytes } from '../../tools/restic-output.js';
import type { Digest } from '../hash.js';
import { heldIn } from './held.js';
import { ask, type ResticSession } from './session.js';

export const confirmObject = async (session: ResticSession, key: string, stored: Digest): Promise<void> => {
  const object = (await heldIn(session, key)).objects.get(key);
  const damaged = (why: string): Failure =>
    new Failure('CORRUPT_ARTIFACT', `${key} in repository ${session.settings.name} is damaged: ${why}`);
  if (object === undefined) throw damaged('it is missing');
  if (object.sha256 !== stored.sha256) throw damaged('it is not the one that was stored');
  let bytes = 0;
  for (const { id } of object.parts ?? [object])
    bytes += resticFileBytes(await ask(session, (place) => resticContents(place, id)));
  if (bytes !== stored.bytes) throw damaged(`it has ${bytes} bytes instead of ${stored.bytes}`);
};
