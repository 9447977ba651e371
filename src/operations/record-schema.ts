// The shape of what lies in state/operations and state/kept: checked before anything is done by it, since what it names is
// renamed and dropped.
import { z } from 'zod';
import { databasePropertiesSchema } from '../domain/manifest.js';
import { BACKUP_ID_PATTERN, NAME_PATTERN, OPERATION_ID_PATTERN } from '../domain/names.js';
import { serviceUnitSchema } from '../services/service.js';
import { aroundSchema } from './around-schema.js';
import { s3RecordSchema } from './record-s3-schema.js';

const name = z.string().regex(NAME_PATTERN);
const operation = z.string().regex(OPERATION_ID_PATTERN);
const backup = z.string().regex(BACKUP_ID_PATTERN);
const absolutePath = z.string().startsWith('/');
const oid = z.number().int().positive();
const identity = z.looseObject({ device: z.string(), inode: z.string(), birth: z.string() });

const container = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('compose'), project: z.string(), service: z.string() }),
  z.looseObject({ kind: z.literal('container'), name: z.string() }),
]);

const databaseSettings = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('url'),
    name,
    path: z.string(),
    password: z.string().nullable(),
    container: container.exactOptional(),
    url: z.string(),
  }),
  z.looseObject({
    kind: z.literal('parts'),
    name,
    path: z.string(),
    password: z.string().nullable(),
    container: container.exactOptional(),
    host: z.string(),
    port: z.number(),
    user: z.string(),
    database: z.string(),
  }),
]);

const repository = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('local'), name, path: absolutePath }),
  z.looseObject({ kind: z.literal('rclone'), name, remote: z.string() }),
  z.looseObject({
    kind: z.literal('restic'),
    name,
    repository: z.string(),
    password: z.string(),
    environment: z.record(z.string(), z.string()),
  }),
  s3RecordSchema,
]);

const settings = z.looseObject({
  deployment: z.looseObject({
    name,
    databases: z.array(databaseSettings),
    trees: z.array(z.looseObject({ name, path: absolutePath, volume: z.string().exactOptional() })),
    ...aroundSchema,
    repositories: z.array(name),
    keepPreviousMs: z.number(),
    approveWithinMs: z.number(),
    stallTimeoutMs: z.number(),
    digest: z.string(),
  }),
  repository,
});

const databaseSwap = z.looseObject({
  name,
  live: z.string(),
  liveOid: oid.nullable(),
  incoming: z.string(),
  incomingOid: oid,
  incomingComment: z.string(),
  outgoing: z.string(),
  outgoingComment: z.string(),
  properties: databasePropertiesSchema.nullable(),
});

const treeSwap = z.looseObject({
  tree: name,
  live: absolutePath,
  way: z.enum(['rename', 'children']),
  incoming: absolutePath,
  outgoing: absolutePath,
  incomingIdentity: identity,
  liveIdentity: identity.nullable(),
  incomingChildren: z.array(z.looseObject({ name: z.string(), inode: z.string() })),
});

const inPlace = z.looseObject({
  safety: z.looseObject({ backup, repository }).nullable(),
  databases: z.array(
    z.looseObject({
      database: name,
      tables: z.array(z.looseObject({ schema: z.string(), name: z.string() })),
      before: z
        .looseObject({ identity: z.string(), names: z.array(z.string()), largeObjects: z.array(oid) })
        .nullable(),
      undone: z.boolean(),
    }),
  ),
});

export const recordSchema = z.looseObject({
  version: z.literal(1),
  id: operation,
  deployment: name,
  kind: z.enum(['backup', 'restore', 'undo', 'sweep']),
  instance: z.string(),
  holder: z
    .looseObject({
      workflowId: z.string(),
      firstRunId: z.string(),
      temporal: z.string(),
      namespace: z.string(),
    })
    .nullable(),
  startedAt: z.string(),
  direction: z.enum(['forward', 'back']),
  backup,
  settings,
  sideDatabases: z.array(
    z.looseObject({ database: name, name: z.string(), comment: z.string(), oid: oid.nullable() }),
  ),
  sideFolders: z.array(z.looseObject({ tree: name, path: absolutePath })),
  swap: z
    .looseObject({ databases: z.array(databaseSwap), trees: z.array(treeSwap), closedAt: z.iso.datetime() })
    .nullable(),
  inPlace: inPlace.nullable(),
  services: z
    .looseObject({
      units: z.array(serviceUnitSchema),
      since: z.iso.datetime(),
      until: z.iso.datetime().nullable(),
      partial: z.boolean(),
    })
    .nullable(),
  leaveStopped: z.boolean(),
  hooksDone: z.boolean(),
  undoes: z.union([operation, z.literal('')]),
});

export const keptSchema = z.looseObject({
  version: z.literal(1),
  operation,
  instance: z.string(),
  deployment: name,
  backup,
  replacedAt: z.iso.datetime(),
  until: z.iso.datetime(),
  settings,
  databases: z.array(
    z.looseObject({ database: name, live: z.string(), side: z.string(), comment: z.string(), oid }),
  ),
  trees: z.array(z.looseObject({ tree: name, live: absolutePath, folder: absolutePath })),
  absent: z.array(z.string()),
  inPlace: z.looseObject({ safety: z.union([backup, z.literal('')]) }).exactOptional(),
});
