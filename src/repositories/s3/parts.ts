// How an object is cut into parts: of one size where its length is known, of growing ones where it is not.
import { Failure } from '../../domain/failure.js';

export interface PartLimits {
  /** Bytes of a part, as configured. */
  partBytes: number;
  maxParts: number;
}

const MEBIBYTE = 1 << 20;
const LARGEST = 512 * MEBIBYTE;

/** The configured size, or the smallest larger one, in whole MiB, of which there are not too many. */
export const partBytesFor = (bytes: number, { partBytes, maxParts }: PartLimits): number =>
  Math.max(partBytes, Math.ceil(bytes / maxParts / MEBIBYTE) * MEBIBYTE);

/**
 * Where the length is not known: the configured size for the first half of the parts, then twice as much from each
 * sixteenth to the next, up to 512 MiB. 16 MiB and 10,000 parts make 80 GiB of equal parts, and 1.5 TiB in all.
 */
export const growingPartBytes = (number: number, { partBytes, maxParts }: PartLimits): number => {
  if (number > maxParts)
    throw new Failure(
      'REPOSITORY_UNREACHABLE',
      `it does not fit into ${maxParts} parts of ${partBytes} bytes`,
      {
        hint: 'set partMiB of the repository to more in holdfast.yaml',
        retryable: false,
      },
    );
  const doublings = Math.max(0, Math.ceil(((number - maxParts / 2) * 16) / maxParts));
  return Math.max(partBytes, Math.min(LARGEST, partBytes * 2 ** doublings));
};

export interface Part {
  /** From 1. */
  number: number;
  bytes: Buffer;
}

/** Cuts a stream; the last part is what is left. Nothing gives no part. @param first number of the first part */
export async function* cut(
  chunks: AsyncIterable<Buffer>,
  sizeOf: (number: number) => number,
  first = 1,
): AsyncGenerator<Part> {
  let number = first;
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    let rest = chunk;
    while (length + rest.length >= sizeOf(number)) {
      const end = sizeOf(number) - length;
      yield { number: number++, bytes: Buffer.concat([...held, rest.subarray(0, end)]) };
      rest = rest.subarray(end);
      held = [];
      length = 0;
    }
    if (rest.length === 0) continue;
    held.push(rest);
    length += rest.length;
  }
  if (length > 0) yield { number, bytes: Buffer.concat(held) };
}

const AT_ONCE = 4;
/** Larger parts go one at a time: memory stays bounded. */
const BYTES_AT_ONCE = 256 * MEBIBYTE;

/** Sends parts as they come, a few at once. After the first failure no other is begun; those on their way are awaited. */
export const sendParts = async (
  parts: AsyncIterable<Part>,
  send: (part: Part) => Promise<void>,
): Promise<void> => {
  const flying = new Map<number, Promise<void>>();
  let bytes = 0;
  let failed: { error: unknown } | undefined;
  const start = (part: Part): void => {
    bytes += part.bytes.length;
    const sending = send(part)
      .catch((error: unknown) => {
        failed ??= { error };
      })
      .finally(() => {
        bytes -= part.bytes.length;
        flying.delete(part.number);
      });
    flying.set(part.number, sending);
  };
  try {
    for await (const part of parts) {
      while (flying.size >= AT_ONCE || (flying.size > 0 && bytes + part.bytes.length > BYTES_AT_ONCE))
        await Promise.race(flying.values());
      if (failed !== undefined) break;
      start(part);
    }
  } finally {
    await Promise.all(flying.values());
  }
  if (failed !== undefined) throw failed.error;
};
