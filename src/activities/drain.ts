// For programs whose work is not what they print.
import type { Readable } from 'node:stream';

/** Reads to the end and keeps nothing. */
export const drain = async (stdout: Readable): Promise<void> => {
  for await (const _chunk of stdout);
};
