// Moving bytes no faster than somebody allows.
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** To be awaited before so many bytes pass. Whoever shares one shares its limit. */
export type Pace = (bytes: number) => Promise<void>;

/** Timers come late: so much may be caught up with. More would be a burst after each silence. */
const CATCH_UP_MS = 100;

export const unhurried = (bytesPerSecond: number): Pace => {
  let free = performance.now();
  return async (bytes) => {
    const now = performance.now();
    free = Math.max(free, now - CATCH_UP_MS) + (bytes / bytesPerSecond) * 1000;
    const early = free - now;
    if (early > 1) await pause(early);
  };
};

/** Small enough that a slow line is never filled by one of them. */
const PIECE = 16 << 10;

/** The same stream, each piece of it no sooner than `pace` lets it pass. */
export const atPace = (source: Readable, pace: Pace): Readable => {
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const chunk of source)
      for (let at = 0; at < chunk.length; at += PIECE) {
        const piece = chunk.subarray(at, at + PIECE);
        await pace(piece.length);
        yield piece;
      }
  }
  // Also one that says nothing any more, which no reading ends.
  return Readable.from(pieces(), { objectMode: false }).once('close', () => source.destroy());
};
