// Writes to a file descriptor, for processes that only pass bytes on.
import { writeSync } from 'node:fs';

/** Waits until all of it is taken. */
export const writeAll = (to: number, bytes: Buffer): void => {
  for (let written = 0; written < bytes.length; ) written += writeSync(to, bytes, written);
};
