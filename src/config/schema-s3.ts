// The shape of `s3` under a repository: where the bucket is, who writes into it, and how.
import { z } from 'zod';
import { duration, text } from './schema-values.js';
import { REFERENCE_FORMS, referenceProblem } from './secret-reference.js';
import { section } from './section.js';

const BUCKET_RULE = 'must be a bucket’s name: 3 to 63 lower-case letters, digits, dots and hyphens';
const ENDPOINT_RULE = 'must be a URL such as https://s3.example.com, without a path, a user or a password';
const PREFIX_RULE = 'must be names with slashes between them, such as holdfast or backups/edms';
const NOT_HERE = `a secret is not written here; use ${REFERENCE_FORMS}`;

const isEndpoint = (value: string): boolean => {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, pathname, search } = new URL(value);
  return /^https?:$/.test(protocol) && `${username}${password}${search}` === '' && pathname === '/';
};

const secret = (description: string) =>
  z
    .string(NOT_HERE)
    .refine((value) => referenceProblem(value) === null, {
      error: (issue) => referenceProblem(String(issue.input)) ?? '',
    })
    .meta({ description: `${REFERENCE_FORMS} of ${description}` });

const whole = (least: number, most: number, description: string) => {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z.int(rule).min(least, rule).max(most, rule).meta({ description });
};

export const s3Schema = section({
  bucket: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, BUCKET_RULE)
    .meta({ description: 'the bucket; it must exist' }),
  prefix: z
    .string()
    .regex(/^\/*[\w.-]+(\/[\w.-]+)*\/*$/, PREFIX_RULE)
    .optional()
    .meta({ description: 'what the names of all objects begin with' }),
  endpoint: z
    .string()
    .refine(isEndpoint, ENDPOINT_RULE)
    .optional()
    .meta({ description: 'the server’s URL; Amazon’s own if it is left out' }),
  region: text('us-east-1 if it is left out').optional(),
  forcePathStyle: z
    .boolean()
    .optional()
    .meta({ description: 'the bucket’s name in the path, not in the host; true where an endpoint is given' }),
  accessKeyId: secret('the access key’s id').optional(),
  secretAccessKey: secret('the secret access key').optional(),
  partMiB: whole(5, 1024, 'size of the parts that are sent, in MiB (16)').optional(),
  maxParts: whole(100, 10_000, 'how many parts the server takes for one object (10000)').optional(),
  storageClass: text('of artifacts: STANDARD_IA, for instance').optional(),
  serverSideEncryption: z
    .union([
      z.literal('AES256'),
      section({ kmsKey: text('id of the key; the bucket’s if it is left out').optional() }),
    ])
    .optional()
    .meta({ description: 'AES256, or { kmsKey: … }' }),
  objectLock: section({
    mode: z.enum(['governance', 'compliance']).meta({ description: 'who may remove it earlier' }),
    for: duration('how long nobody removes what a backup stored', '36500d'),
  })
    .optional()
    .meta({ description: 'the bucket must have object lock' }),
}).refine(
  ({ accessKeyId, secretAccessKey }) => (accessKeyId === undefined) === (secretAccessKey === undefined),
  {
    error: 'must have both accessKeyId and secretAccessKey, or neither',
    when: ({ issues }) => issues.length === 0,
  },
);

export type S3Shape = z.output<typeof s3Schema>;
