// The single values of holdfast.yaml, each with what is said when it is wrong.
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { NAME_PATTERN } from '../domain/names.js';
import { PUBLIC_KEY_PATTERN } from '../domain/signature.js';
import { DURATION_PATTERN, parseDuration } from './duration.js';
import { folderPath } from './folder-path.js';
import { nearest } from './nearest.js';
import { hasControl, parsePort } from './server-parts.js';
import { isTimezone, TIMEZONES } from './timezone.js';

/** Text that is not empty and fits on one line. */
export const text = (description: string) =>
  z
    .string()
    .refine((value) => value !== '' && !hasControl(value), 'must be text without control characters')
    .meta({ description });

const NAME_RULE =
  'must be a name of lower-case letters, digits and hyphens, at most 41, that does not begin with a hyphen';

export const name = z.string().regex(NAME_PATTERN, NAME_RULE);

/** Mappings move keys that are numbers to the front, and the order of repositories says which is the primary. */
export const repositoryName = name.refine((value) => !/^\d+$/.test(value), 'must not be a number');

export const absolutePath = (description: string) =>
  z
    .string()
    .refine((path) => pathProblem(path) === null, {
      error: (issue) => pathProblem(String(issue.input)) ?? '',
    })
    .meta({ description });

/** As `holdfast keys show` and the recovery sheet have it. */
export const publicKey = z
  .string()
  .regex(
    PUBLIC_KEY_PATTERN,
    'must be a public signing key: ed25519: and 44 characters of base64, as holdfast keys show and the recovery sheet have it',
  );

/** As Docker takes them. */
export const volumeName = z
  .string()
  .regex(
    /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/,
    'must be the name of a Docker volume: letters, digits, dots, hyphens and underscores',
  );

const pathProblem = (path: string): string | null => {
  if (path.startsWith('~')) return 'must be an absolute path; ~ is not replaced here';
  if (!isAbsolute(path)) return 'must be an absolute path';
  if (path.includes('\0')) return 'must not hold a zero byte';
  return folderPath(path) === '/' ? 'must not be the whole file system' : null;
};

/** @param longest the longest one that makes sense, itself a duration */
export const duration = (description: string, longest: string) =>
  z
    .string('must be a duration such as 90s, 30m, 12h or 30d')
    .regex(DURATION_PATTERN, 'must be a duration such as 90s, 30m, 12h or 30d')
    .refine((value) => (parseDuration(value) ?? 0) <= (parseDuration(longest) ?? 0), {
      error: `must be at most ${longest}`,
    })
    .meta({ description });

export const timezone = z
  .string()
  .refine(isTimezone, { error: (issue) => timezoneProblem(String(issue.input)) })
  .meta({ description: 'an IANA time zone; the host’s if it is left out' });

const timezoneProblem = (value: string): string => {
  const meant = nearest(value, TIMEZONES);
  return `is not a known time zone; ${meant === undefined ? 'use an IANA name such as Europe/Paris' : `did you mean ${meant}?`}`;
};

export const temporalAddress = z
  .string()
  .refine(isAddress, 'must be HOST:PORT, such as temporal.example.com:7233, without http://')
  .meta({ description: 'HOST:PORT of the Temporal server' });

function isAddress(value: string): boolean {
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[^\s:/@[\]]+):(\d+)$/.exec(value) ?? [];
  return host !== undefined && port !== undefined && parsePort(port) !== null;
}
