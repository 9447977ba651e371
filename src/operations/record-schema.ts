// The shape of what lies in state/operations and state/kept: checked before anything is done by it, since what it names is
// renamed and dropped.
import { z } from 'zod';
import { databasePropertiesSchema } from '../domain/manifest.js';
import { BACKUP_ID_PATTERN, NAME_PATTERN, OPERATION_ID_PATTERN } from '../domain/names.js';
import { serviceUnitSchema } from '../services/service.js';
import { repositorySchema, settingsSchema } from './settings-schema.js';

const name = z.string().regex(NAME_PATTERN);
const operation = z.string().regex(OPERATION_ID_PATTERN);
const backup = z.string().regex(BACKUP_ID_PATTERN);
const absolutePath = z.string().startsWith('/');
const oid = z.number().int().positive();
const identity = z.looseObject({ device: z.string(), inode: z.string(), birth: z.string() });

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
  safety: z.looseObject({ backup, repository: repositorySchema }).nullable(),
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

const drill = z.looseObject({
  elsewhere: z.boolean(),
  withoutOwners: z.boolean(),
  outcome: z
    .looseObject({
      outcome: z.enum(['restored', 'failed']),
      facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
    })
    .nullable(),
});

export const recordSchema = z.looseObject({
  version: z.literal(1),
  id: operation,
  deployment: name,
  kind: z.enum(['backup', 'restore', 'undo', 'sweep', 'drill']),
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
  scheduledFor: z.string().exactOptional(),
  direction: z.enum(['forward', 'back']),
  backup,
  settings: settingsSchema,
  sideDatabases: z.array(
    z.looseObject({ database: name, name: z.string(), comment: z.string(), oid: oid.nullable() }),
  ),
  sideFolders: z.array(z.looseObject({ tree: name, path: absolutePath })),
  aside: z.array(z.looseObject({ tree: name, from: absolutePath, to: absolutePath })).exactOptional(),
  swap: z
    .looseObject({ databases: z.array(databaseSwap), trees: z.array(treeSwap), closedAt: z.iso.datetime() })
    .nullable(),
  inPlace: inPlace.nullable(),
  drill: drill.exactOptional(),
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
  approvedBy: z.string().exactOptional(),
  only: z.array(z.string()).exactOptional(),
  unsigned: z.string().exactOptional(),
});

export const keptSchema = z.looseObject({
  version: z.literal(1),
  operation,
  instance: z.string(),
  deployment: name,
  backup,
  replacedAt: z.iso.datetime(),
  until: z.iso.datetime(),
  settings: settingsSchema,
  databases: z.array(
    z.looseObject({ database: name, live: z.string(), side: z.string(), comment: z.string(), oid }),
  ),
  trees: z.array(z.looseObject({ tree: name, live: absolutePath, folder: absolutePath })),
  absent: z.array(z.string()),
  inPlace: z.looseObject({ safety: z.union([backup, z.literal('')]) }).exactOptional(),
});
