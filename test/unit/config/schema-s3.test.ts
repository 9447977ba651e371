import { expect, test } from 'vitest';
import { pathText } from '../../../src/config/problem.js';
import { s3Settings } from '../../../src/config/s3-settings.js';
import { s3Schema } from '../../../src/config/schema-s3.js';
import { shapeProblems } from '../../../src/config/shape-problems.js';

const KEYS = { accessKeyId: 'env:S3_KEY', secretAccessKey: 'file:/etc/holdfast/s3' };

test('a bucket of Amazon’s own needs its name alone', () => {
  expect(s3Settings('offsite', s3Schema.parse({ bucket: 'backups' }))).toEqual({
    kind: 's3',
    name: 'offsite',
    bucket: 'backups',
    prefix: '',
    endpoint: null,
    region: 'us-east-1',
    forcePathStyle: false,
    accessKeyId: null,
    secretAccessKey: null,
    partBytes: 16 << 20,
    maxParts: 10_000,
    storageClass: null,
    serverSideEncryption: null,
    objectLock: null,
  });
});

test('everything that can be said about a bucket is kept, references as references', () => {
  const given = s3Schema.parse({
    bucket: 'backups',
    prefix: '/holdfast/edms/',
    endpoint: 'https://s3.example.com',
    region: 'eu-central-1',
    ...KEYS,
    partMiB: 64,
    maxParts: 1000,
    storageClass: 'STANDARD_IA',
    serverSideEncryption: { kmsKey: 'abc' },
    objectLock: { mode: 'compliance', for: '30d' },
  });
  expect(s3Settings('offsite', given)).toMatchObject({
    prefix: 'holdfast/edms',
    forcePathStyle: true,
    ...KEYS,
    partBytes: 64 << 20,
    maxParts: 1000,
    serverSideEncryption: { algorithm: 'aws:kms', key: 'abc' },
    objectLock: { mode: 'COMPLIANCE', forMs: 30 * 86_400_000 },
  });
});

const SECRET = 'a secret is not written here; use env:NAME, file:/path or command:program args';
const ENDPOINT = 'must be a URL such as https://s3.example.com, without a path, a user or a password';

test.each([
  [{}, 'bucket: is missing'],
  [
    { bucket: 'Backups' },
    'bucket: must be a bucket’s name: 3 to 63 lower-case letters, digits, dots and hyphens',
  ],
  [
    { bucket: 'backups', prefix: 'a//b' },
    'prefix: must be names with slashes between them, such as holdfast or backups/edms',
  ],
  [{ bucket: 'backups', endpoint: 's3.example.com' }, `endpoint: ${ENDPOINT}`],
  [{ bucket: 'backups', endpoint: 'https://key:secret@s3.example.com' }, `endpoint: ${ENDPOINT}`],
  [{ bucket: 'backups', endpoint: 'https://s3.example.com/backups' }, `endpoint: ${ENDPOINT}`],
  [{ bucket: 'backups', ...KEYS, secretAccessKey: 'hunter2' }, `secretAccessKey: ${SECRET}`],
  [{ bucket: 'backups', ...KEYS, secretAccessKey: 5 }, `secretAccessKey: ${SECRET}`],
  [{ bucket: 'backups', partMiB: 4 }, 'partMiB: must be a whole number from 5 to 1024'],
  [{ bucket: 'backups', maxParts: 20_000 }, 'maxParts: must be a whole number from 100 to 10000'],
  [{ bucket: 'backups', acessKeyId: 'env:A' }, 'acessKeyId: is not a known key; did you mean accessKeyId?'],
  [
    { bucket: 'backups', accessKeyId: 'env:A' },
    ': must have both accessKeyId and secretAccessKey, or neither',
  ],
])('what is wrong with a bucket is said with its place: %j', (value, problem) => {
  const issues = s3Schema.safeParse(value).error?.issues ?? [];
  const problems = shapeProblems(issues, value).map(({ path, text }) => `${pathText(path)}: ${text}`);
  expect(problems[0]).toBe(problem);
});
