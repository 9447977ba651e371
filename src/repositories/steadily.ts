// A stream that is read as long as bytes come: it fails with STALLED when none come for too long, and ends with the signal.
import type { Readable } from 'node:stream';
import { Failure } from '../domain/failure.js';

/** @param stallTimeoutMs 0 = never; the time that the reader takes for a chunk does not count */
export async function* steadily(
  open: () => Promise<Readable>,
  { signal, stallTimeoutMs }: { signal: AbortSignal; stallTimeoutMs: number },
): AsyncGenerator<Buffer> {
  const opening = open();
  try {
    const stream: AsyncIterable<Buffer> = await within(brokenOff(opening), { signal, stallTimeoutMs });
    const chunks = stream[Symbol.asyncIterator]();
    for (;;) {
      const read = await within(brokenOff(chunks.next()), { signal, stallTimeoutMs });
      if (read.done === true) return;
      yield read.value;
    }
  } finally {
    // Also one that opens only now, when nobody waits for it any more.
    opening.then(
      (stream) => stream.destroy(),
      () => undefined,
    );
  }
}

/** What the source's stream says is not the fault of whoever receives it: a network's errors pass. */
const brokenOff = <T>(reading: Promise<T>): Promise<T> =>
  reading.catch((cause: unknown) => {
    if (cause instanceof Failure) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure('REPOSITORY_UNREACHABLE', `reading what is copied broke off: ${why}`, {
      retryable: true,
      cause,
    });
  });

const within = <T>(
  reading: Promise<T>,
  { signal, stallTimeoutMs }: { signal: AbortSignal; stallTimeoutMs: number },
): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    const stalled = (): void =>
      reject(
        new Failure('STALLED', `no byte came for ${Math.round(stallTimeoutMs / 100) / 10} s`, {
          hint: 'look at the network and at the repository that is read',
        }),
      );
    const timer = stallTimeoutMs === 0 ? undefined : setTimeout(stalled, stallTimeoutMs);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    reading.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    });
  });
