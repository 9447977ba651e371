// Size and SHA-256 of what passes through to rclone.
import { createHash } from 'node:crypto';
import type { Digest } from '../hash.js';

export type { Digest } from '../hash.js';

export interface PassingDigest {
  through(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
  /** Once all has passed. */
  taken(): Digest;
}

/** @param onBytes hears the total after every chunk */
export const createDigest = (onBytes: (total: number) => void = () => undefined): PassingDigest => {
  const hash = createHash('sha256');
  let bytes = 0;
  let sha256 = '';
  return {
    async *through(stream) {
      for await (const chunk of stream) {
        hash.update(chunk);
        bytes += chunk.length;
        yield chunk;
        onBytes(bytes);
      }
      sha256 = hash.digest('hex');
    },
    taken: () => ({ bytes, sha256 }),
  };
};
