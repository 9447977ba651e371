// What a run of verify has found so far, and as its result.
import type { VerifiedCopy, VerifyResult } from '../domain/copies.js';
import { fitting } from '../domain/findings.js';

export interface Found {
  copies: number;
  bytes: number;
  problems: number;
  repaired: number;
  /** As many of them as a payload holds. */
  lines: string[];
}

export const add = (found: Found, { bytes, problems, repaired }: VerifiedCopy, where: string): void => {
  found.copies += 1;
  found.bytes += bytes;
  found.repaired += repaired;
  found.problems += problems.length;
  const lines = [...found.lines, ...problems.map((words) => `${where}: ${words}`)];
  found.lines = fitting(lines, MOST_BYTES).kept;
};

/** A payload stays under 4 kB. */
const MOST_BYTES = 3_300;

export const resultOf = ({ copies, bytes, problems, repaired, lines }: Found): VerifyResult => ({
  ...{ ok: problems === 0, copies, bytes, problems, repaired, lines },
  omitted: problems - lines.length,
});
