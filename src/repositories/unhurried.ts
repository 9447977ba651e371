// Reading no faster than somebody allows.
import { setTimeout as pause } from 'node:timers/promises';

/** To be awaited after each chunk, with the bytes so far. @param bytesPerSecond null: no limit */
export const unhurried = (
  bytesPerSecond: number | null,
  signal: AbortSignal,
): ((bytes: number) => Promise<void>) => {
  const begun = performance.now();
  return async (bytes) => {
    if (bytesPerSecond === null) return;
    const early = (bytes / bytesPerSecond) * 1000 - (performance.now() - begun);
    if (early > 1) await pause(early, undefined, { signal });
  };
};
