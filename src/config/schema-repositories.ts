// The shape of what stands under `repositories`: each is of exactly one kind.
import { z } from 'zod';
import { bandwidthSchema } from './bandwidth.js';
import { resticKeys, resticProblem } from './schema-restic.js';
import { s3Schema } from './schema-s3.js';
import { absolutePath } from './schema-values.js';
import { section } from './section.js';

const KINDS = ['local', 'rclone', 's3', 'restic'] as const;

/** `REMOTE:PATH`. Credentials are rclone's own affair: they stand in its configuration. */
const remote = z
  .string()
  .regex(/^(:?[\w.+@-][\w .+@-]*(,[^\p{Cc}]+)?):[^\p{Cc}]*$/u, 'must be REMOTE:PATH, as rclone takes it')
  .refine((given) => !/[:,]\w*(pass|secret|token|key|sas_url)\w*=/i.test(given), {
    error: 'holds a secret; give it to the remote with rclone config and write NAME:PATH here',
  })
  .meta({ description: 'REMOTE:PATH of a remote that rclone knows' });

export const repositorySchema = section({
  local: absolutePath('the folder that keeps the backups').optional(),
  rclone: remote.optional(),
  s3: s3Schema.optional().meta({ description: 'a bucket' }),
  ...resticKeys,
  bandwidth: bandwidthSchema.optional(),
})
  .refine((given) => KINDS.filter((kind) => given[kind] !== undefined).length === 1, {
    error: `must have one of ${KINDS.join(', ')}`,
    when: ({ issues }) => issues.length === 0,
  })
  .superRefine((given, context) => {
    const problem = resticProblem(given);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

export type RepositoryShape = z.output<typeof repositorySchema>;
