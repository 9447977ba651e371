// zstd: fast compression between a source and the repository. Its frames carry a checksum of what went in.
import type { Command } from './command.js';

/**
 * All cores, level 2: smaller than what gzip makes, for two thirds of level 3's time, which on few processors is pg_dump's
 * and tar's time too. `-vv` makes it say how many bytes went in.
 */
export const zstdCompress = (writesInto?: string): Command => ({
  program: 'zstd',
  args: ['-T0', '-2', '-vv', '--no-progress', '-c'],
  ...(writesInto === undefined ? {} : { writesInto }),
});

export const zstdDecompress = (): Command => ({ program: 'zstd', args: ['-d', '-q', '-c'] });

// 1.5: `/*stdin*\ :16.45%   (60000000 B => 9868800 B, /*stdout*\)`; 1.4: `(60000000 => 9868800 bytes, …)`.
const SUMMARY = /\(\s*(\d+)(?: B)?\s*=>\s*\d+(?: B| bytes)?,/g;

/** How many bytes zstdCompress was given, from its last words; null where it did not say exactly. */
export const rawBytesOf = (stderr: string): number | null => {
  const bytes = [...stderr.matchAll(SUMMARY)].at(-1)?.[1];
  return bytes === undefined ? null : Number(bytes);
};
