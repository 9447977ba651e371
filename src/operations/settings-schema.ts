// The settings as records hold them: the configuration as it was pinned, secret references unresolved.
import { z } from 'zod';
import { NAME_PATTERN } from '../domain/names.js';
import { aroundSchema, containerSchema } from './around-schema.js';
import { s3RecordSchema } from './record-s3-schema.js';

const name = z.string().regex(NAME_PATTERN);
const absolutePath = z.string().startsWith('/');

/** Bytes a second. */
const bandwidth = z.number().positive().exactOptional();

const databaseSettings = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('url'),
    name,
    path: z.string(),
    password: z.string().nullable(),
    container: containerSchema.exactOptional(),
    url: z.string(),
  }),
  z.looseObject({
    kind: z.literal('parts'),
    name,
    path: z.string(),
    password: z.string().nullable(),
    container: containerSchema.exactOptional(),
    host: z.string(),
    port: z.number(),
    user: z.string(),
    database: z.string(),
  }),
]);

export const repositorySchema = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('local'), name, path: absolutePath, bandwidth }),
  z.looseObject({ kind: z.literal('rclone'), name, remote: z.string(), bandwidth }),
  z.looseObject({
    kind: z.literal('restic'),
    name,
    repository: z.string(),
    password: z.string(),
    environment: z.record(z.string(), z.string()),
    bandwidth,
  }),
  s3RecordSchema,
]);

const drillSchema = z.looseObject({
  assertions: z.array(z.looseObject({ query: z.string(), database: name })),
  server: databaseSettings.nullable(),
});

export const settingsSchema = z.looseObject({
  deployment: z.looseObject({
    name,
    databases: z.array(databaseSettings),
    trees: z.array(
      z.looseObject({
        name,
        path: absolutePath,
        volume: z.string().exactOptional(),
        aside: z.looseObject({ include: z.array(z.string()) }).exactOptional(),
      }),
    ),
    ...aroundSchema,
    repositories: z.array(name),
    sealSecrets: z.literal(true).exactOptional(),
    keepPreviousMs: z.number(),
    approveWithinMs: z.number(),
    stallTimeoutMs: z.number(),
    drill: drillSchema.exactOptional(),
    digest: z.string(),
  }),
  repository: repositorySchema,
  /** Records of earlier versions have none. */
  encryption: z
    .looseObject({ recipients: z.array(z.string()).min(1), identity: z.string().nullable() })
    .nullable()
    .default(null),
});
