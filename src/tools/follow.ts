// Reads a file behind the program that writes it: the bytes go from program to file in the kernel, and are seen here too.
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** Bytes read at once. */
const CHUNK = 1 << 18;

/** How long to wait for the writer to write more. */
const WAIT_MS = 10;

/** What is in `file` and what is still written to it, until nobody writes any more: `writer` settled. */
export const follow = (file: FileHandle, writer: Promise<unknown>): Readable =>
  Readable.from(chunksOf(file, writer), { objectMode: false, highWaterMark: CHUNK });

async function* chunksOf(file: FileHandle, writer: Promise<unknown>): AsyncGenerator<Buffer> {
  const written = new AbortController();
  const end = (): void => written.abort();
  writer.then(end, end);
  for (let position = 0; ; ) {
    // Asked first: what was written before the end is then read after it.
    const last = written.signal.aborted;
    const { size } = await file.stat();
    if (size - position >= CHUNK || (last && size > position)) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(CHUNK), 0, CHUNK, position);
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    } else if (last) return;
    // No race with the writer: it would keep each pause in memory until the writer ends, hours later.
    else await pause(WAIT_MS, undefined, { signal: written.signal }).catch(() => undefined);
  }
}
