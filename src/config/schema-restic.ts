// What a restic repository needs: `{ restic: REPOSITORY, password: REFERENCE, environment: { NAME: REFERENCE } }`.
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import type { Bandwidth } from './bandwidth.js';
import { folderPath } from './folder-path.js';
import { referenceProblem } from './secret-reference.js';

export interface ResticSettings extends Bandwidth {
  kind: 'restic';
  name: string;
  /** As restic takes it: an absolute path, or `s3:https://host/bucket`. No secret is in it. */
  repository: string;
  /** A reference. */
  password: string;
  /** What its storage needs (`AWS_ACCESS_KEY_ID`), as references. */
  environment: Record<string, string>;
}

const KINDS = /^(?:sftp|rest|s3|swift|b2|azure|gs|rclone):./;

const placeProblem = (given: string): string | null => {
  if (/:\/\/[^/@]*:[^/@]*@/.test(given))
    return 'holds a password; give it in environment, such as RESTIC_REST_PASSWORD: env:NAME';
  if (isAbsolute(given)) return folderPath(given) === '/' ? 'must not be the whole file system' : null;
  return KINDS.test(given) ? null : 'must be an absolute path, or as restic takes it: s3:https://host/bucket';
};

const checked = (problemOf: (given: string) => string | null, description: string) =>
  z
    .string()
    .refine((given) => problemOf(given) === null, {
      error: (issue) => problemOf(String(issue.input)) ?? '',
    })
    .meta({ description });

/** Each of them optional: that they belong together is said where the kinds are told apart. */
export const resticKeys = {
  restic: checked(placeProblem, 'a restic repository, which deduplicates').optional(),
  password: checked(referenceProblem, 'of a restic repository: a reference').optional(),
  environment: z
    .record(
      z.string().regex(/^[A-Z][A-Z0-9_]*$/, 'must be the name of an environment variable'),
      checked(referenceProblem, 'a reference'),
    )
    .optional()
    .meta({ description: 'what the storage of a restic repository needs: NAME: REFERENCE' }),
};

interface ResticShape {
  restic?: string | undefined;
  password?: string | undefined;
  environment?: Record<string, string> | undefined;
}

/** What is missing or too much; null: nothing. */
export const resticProblem = ({ restic, password, environment }: ResticShape): string | null => {
  if (restic === undefined)
    return password === undefined && environment === undefined
      ? null
      : 'has password or environment, which belong to restic';
  return password === undefined ? 'has restic but no password, without which it cannot be opened' : null;
};

export const resticSettings = (name: string, shape: ResticShape): ResticSettings => ({
  kind: 'restic',
  name,
  repository: isAbsolute(shape.restic ?? '') ? folderPath(shape.restic ?? '') : (shape.restic ?? ''),
  password: shape.password ?? '',
  environment: shape.environment ?? {},
});
