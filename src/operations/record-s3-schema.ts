// A repository in a bucket, as it stands in operation records.
import { z } from 'zod';
import { NAME_PATTERN } from '../domain/names.js';

export const s3RecordSchema = z.looseObject({
  kind: z.literal('s3'),
  name: z.string().regex(NAME_PATTERN),
  bucket: z.string(),
  prefix: z.string(),
  endpoint: z.string().nullable(),
  region: z.string(),
  forcePathStyle: z.boolean(),
  accessKeyId: z.string().nullable(),
  secretAccessKey: z.string().nullable(),
  bandwidth: z.number().positive().exactOptional(),
  partBytes: z.number().int().positive(),
  maxParts: z.number().int().positive(),
  storageClass: z.string().nullable(),
  serverSideEncryption: z
    .looseObject({ algorithm: z.enum(['AES256', 'aws:kms']), key: z.string().nullable() })
    .nullable(),
  objectLock: z.looseObject({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), forMs: z.number() }).nullable(),
});
