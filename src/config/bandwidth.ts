// How fast a repository may be filled and read by what nobody waits for: a size, for each second.
import { z } from 'zod';
import { parseSize, SIZE_PATTERN } from './size.js';

export interface Bandwidth {
  /** Bytes that copies and verify may move in a second. Left out: no limit. Backups and restores never wait. */
  bandwidth?: number;
}

/** Below it, a part that four share with each other would be taken for a connection that is dead. */
const LEAST = 64_000;

const RULE = 'must be a size such as 500kB, 10MB or 1GB: so much a second';

export const bandwidthSchema = z
  .string(RULE)
  .regex(SIZE_PATTERN, RULE)
  .refine((value) => (parseSize(value) ?? LEAST) >= LEAST, 'must be at least 64kB')
  .meta({ description: 'what copies and verify may move in a second, such as 10MB' });

export const bandwidthOf = (shape: { bandwidth?: string | undefined }): Bandwidth => {
  const bandwidth = parseSize(shape.bandwidth ?? '');
  return bandwidth === null ? {} : { bandwidth };
};
