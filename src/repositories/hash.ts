// Size and SHA-256 of a stream, taken in passing.
import { createHash } from 'node:crypto';

export interface Digest {
  bytes: number;
  sha256: string;
}

export const digestOfBytes = (bytes: Buffer): Digest => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** @param use gets each chunk before the next one is read: what it awaits slows the stream down. */
export const digestOf = async (
  stream: AsyncIterable<Buffer>,
  use: (chunk: Buffer, total: number) => Promise<void> | void = () => undefined,
): Promise<Digest> => {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    bytes += chunk.length;
    await use(chunk, bytes);
  }
  return { bytes, sha256: hash.digest('hex') };
};
