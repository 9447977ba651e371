// What was copied, compared with what was announced: the same words for every kind of repository.
import { Failure } from '../domain/failure.js';
import type { Digest } from './hash.js';

/** @param what the object, for people */
export const requireAnnounced = (what: string, { bytes, sha256 }: Digest, got: Digest): void => {
  if (got.bytes === bytes && got.sha256 === sha256) return;
  throw new Failure('CORRUPT_ARTIFACT', `${what} came with ${differenceOf({ bytes, sha256 }, got)}`, {
    hint: 'the copy that was read is damaged: holdfast verify finds out which ones are not',
  });
};

/** What has the object's name must be the object. */
export const requireNoOther = (what: string, { bytes, sha256 }: Digest, found: Digest): void => {
  if (found.bytes === bytes && found.sha256 === sha256) return;
  throw new Failure(
    'CORRUPT_ARTIFACT',
    `${what} is there already, with ${differenceOf({ bytes, sha256 }, found)}`,
    {
      hint: 'holdfast verify --repair replaces a damaged copy from a good one',
    },
  );
};

const differenceOf = (announced: Digest, got: Digest): string =>
  announced.bytes === got.bytes
    ? `SHA-256 ${got.sha256} instead of ${announced.sha256}`
    : `${got.bytes} bytes instead of ${announced.bytes}`;
