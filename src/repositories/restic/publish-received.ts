// The end of a copy into a restic repository: its parts become an object, and what earlier attempts left of it goes.
import { basename } from 'node:path';
import type { Digest } from '../hash.js';
import type { ReceiveContext } from '../repository.js';
import { type Held, otherIds } from './held.js';
import { publishParts } from './publish.js';
import { forgetIfFree } from './remove.js';
import type { ResticSession } from './session.js';
import type { Part } from './tags.js';

export interface Received {
  key: string;
  digest: Digest;
  parts: Part[];
  /** What lay there before. */
  held: Held;
}

export const publishReceived = async (
  session: ResticSession,
  { key, digest: { bytes, sha256 }, parts, held }: Received,
  { effect }: Pick<ReceiveContext, 'effect'>,
): Promise<void> => {
  const name = basename(key);
  await effect(`publish ${name}`, async () => {
    await publishParts(session, key, { bytes, sha256, parts });
  });
  const own = parts.map(({ id }) => id);
  const left = otherIds(held, key, own);
  if (left.length > 0) await effect(`forget earlier copies of ${name}`, () => forgetIfFree(session, left));
};
