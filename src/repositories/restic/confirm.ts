// Whether artifacts are in a restic repository whole, by what restic counted itself: it names every piece by the SHA-256 of its
// contents, and whatever it counted otherwise than we did became no object. What can still be wrong is that it is gone or
// another one. Reading all of it is verify's.
import { Failure } from '../../domain/failure.js';
import { digestOfBytes } from '../hash.js';
import type { LeftForLater } from '../repository.js';
import { type Held, heldIn } from './held.js';
import { type Noted, notedIn } from './later.js';
import type { ResticSession } from './session.js';
import type { Part } from './tags.js';

export interface Confirming {
  folder: string;
  stored: LeftForLater['artifacts'];
  notes: string | undefined;
}

export const confirmObjects = async (
  session: ResticSession,
  { folder, stored, notes }: Confirming,
): Promise<void> => {
  const noted = notes === undefined ? new Map() : await notedIn({ folder: notes, artifacts: stored });
  requireWhole(session, { folder, stored, noted, held: await heldIn(session, folder) });
};

interface Found extends Omit<Confirming, 'notes'> {
  noted: ReadonlyMap<string, Noted>;
  held: Held;
}

/** Failure CORRUPT_ARTIFACT */
export const requireWhole = (session: ResticSession, { folder, stored, noted, held }: Found): void => {
  for (const artifact of stored) {
    const key = `${folder}/${artifact.name}`;
    const note = noted.get(artifact.name);
    const problem = note === undefined ? problemOf(held, key, artifact) : problemOfNoted(held, note);
    if (problem === null) continue;
    throw new Failure(
      'CORRUPT_ARTIFACT',
      `${key} in repository ${session.settings.name} is damaged: ${problem}`,
    );
  }
};

type Wanted = Pick<LeftForLater['artifacts'][number], 'bytes' | 'sha256'>;

const problemOf = (held: Held, key: string, { bytes, sha256 }: Wanted): string | null => {
  const object = held.objects.get(key);
  if (object === undefined) return 'it is missing';
  if (object.sha256 !== sha256) return 'it is not the one that was stored';
  return problemOfParts(held, object.parts ?? [object], bytes);
};

const problemOfNoted = (held: Held, { parts, small, bytes, sha256 }: Noted): string | null => {
  if (small === null) return problemOfParts(held, parts, bytes);
  return digestOfBytes(small).sha256 === sha256 ? null : 'it is not the one that was stored';
};

const problemOfParts = (
  { snapshots }: Held,
  parts: readonly Pick<Part, 'id' | 'bytes'>[],
  bytes: number,
): string | null => {
  if (!parts.every((part) => snapshots.some(({ id }) => id.startsWith(part.id)))) return 'a part is missing';
  const found = parts.reduce((sum, part) => sum + part.bytes, 0);
  return found === bytes ? null : `it has ${found} bytes instead of ${bytes}`;
};
