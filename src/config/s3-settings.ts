// A repository in a bucket, as configured: names and references, no secret.
import type { Bandwidth } from './bandwidth.js';
import { parseDuration } from './duration.js';
import type { S3Shape } from './schema-s3.js';

export interface S3Settings extends Bandwidth {
  kind: 's3';
  name: string;
  bucket: string;
  /** Before every key; without slashes at its ends. Empty: the whole bucket. */
  prefix: string;
  /** null: Amazon's own. */
  endpoint: string | null;
  region: string;
  forcePathStyle: boolean;
  /** A reference. null: what the host has (environment, instance role, shared files). */
  accessKeyId: string | null;
  secretAccessKey: string | null;
  partBytes: number;
  maxParts: number;
  /** Of artifacts; small objects are always in the bucket's own. */
  storageClass: string | null;
  serverSideEncryption: { algorithm: 'AES256' | 'aws:kms'; key: string | null } | null;
  /** Nobody removes what a backup stores before that time is over. */
  objectLock: { mode: 'GOVERNANCE' | 'COMPLIANCE'; forMs: number } | null;
}

const MEBIBYTE = 1 << 20;

export const s3Settings = (name: string, shape: S3Shape): S3Settings => ({
  kind: 's3',
  name,
  bucket: shape.bucket,
  prefix: (shape.prefix ?? '').replace(/^\/+|\/+$/g, ''),
  endpoint: shape.endpoint ?? null,
  region: shape.region ?? 'us-east-1',
  forcePathStyle: shape.forcePathStyle ?? shape.endpoint !== undefined,
  accessKeyId: shape.accessKeyId ?? null,
  secretAccessKey: shape.secretAccessKey ?? null,
  partBytes: (shape.partMiB ?? 16) * MEBIBYTE,
  maxParts: shape.maxParts ?? 10_000,
  storageClass: shape.storageClass ?? null,
  serverSideEncryption: encryption(shape.serverSideEncryption),
  objectLock:
    shape.objectLock === undefined
      ? null
      : {
          mode: shape.objectLock.mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE',
          forMs: parseDuration(shape.objectLock.for) ?? Number.NaN,
        },
});

const encryption = (given: S3Shape['serverSideEncryption']): S3Settings['serverSideEncryption'] => {
  if (given === undefined) return null;
  return given === 'AES256'
    ? { algorithm: 'AES256', key: null }
    : { algorithm: 'aws:kms', key: given.kmsKey ?? null };
};
