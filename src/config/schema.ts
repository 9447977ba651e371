// The shape of holdfast.yaml. One schema gives validation, types and the published JSON Schema; what is wrong with a value is
// said about its path, so that `path: sentence` reads well. What spans several values is checked elsewhere (checks.ts).
import { z } from 'zod';
import { named } from './named.js';
import { databaseSchema } from './schema-database.js';
import { drillSchema } from './schema-drill.js';
import { encryptionSchema } from './schema-encryption.js';
import { healthSchema } from './schema-health.js';
import { hooksSchema } from './schema-hooks.js';
import { notifySchema } from './schema-notify.js';
import { repositorySchema } from './schema-repositories.js';
import { servicesSchema } from './schema-services.js';
import { tiersSchema, verifySchema } from './schema-tiers.js';
import { treeSchema } from './schema-tree.js';
import {
  absolutePath,
  duration,
  name,
  publicKey,
  repositoryName,
  temporalAddress,
  text,
  timezone,
} from './schema-values.js';
import { section } from './section.js';

const AT_LEAST_ONE = 'must name at least one';

const hasAny = (mapping: object): boolean => Object.keys(mapping).length > 0;

const DEPLOYMENT_LATER = ['targets', 'transform', 'dumps', 'reset', 'merge'];

const deployment = section(
  {
    database: databaseSchema.optional().meta({ description: 'short for databases: { main: … }' }),
    databases: named(databaseSchema, name)
      .optional()
      .meta({ description: 'several databases of one server' }),
    files: named(treeSchema, name).optional().meta({ description: 'folders, each with a name' }),
    services: servicesSchema.optional(),
    hooks: hooksSchema.optional().meta({ description: 'commands around a backup or a restore' }),
    health: healthSchema.optional().meta({ description: 'when the application is well' }),
    tiers: tiersSchema.optional().meta({ description: 'when backups are made, and how long they are kept' }),
    verify: verifySchema.optional().meta({ description: 'when backups are read again, or never' }),
    giveUpAfter: duration('how long a scheduled run is tried (until the next one is due)', '12h').optional(),
    drill: drillSchema.optional().meta({ description: 'what a drill asks, and where it restores' }),
    sealSecrets: z
      .boolean()
      .optional()
      .meta({ description: 'store what its references stand for, encrypted, with every backup' }),
    repositories: z
      .array(name)
      .min(1, AT_LEAST_ONE)
      .optional()
      .meta({ description: 'where its backups go, the primary first; all of them if it is left out' }),
    keepPrevious: duration('how long a restore keeps what it replaced (48h)', '3650d').optional(),
    approveWithin: duration('how long a restore waits for its approval (30m)', '24h').optional(),
    forwardWithin: duration('what a step may take while the application is down (2m)', '24h').optional(),
    maxPause: duration('how long services may be quiet while a backup is made (30s)', '24h').optional(),
    stallTimeout: duration('when a program that moves no byte is stopped (10m)', '24h').optional(),
  },
  DEPLOYMENT_LATER,
);

const temporal = z.union([
  z.literal('embedded'),
  section({ address: temporalAddress, namespace: text('default if it is left out').optional() }),
]);

export const configSchema = section({
  agent: name.optional().meta({ description: 'this host’s agent: default if it is left out' }),
  state: absolutePath('where the agent keeps its state').optional(),
  timezone: timezone.optional(),
  temporal: temporal.optional().meta({ description: 'embedded, or {address, namespace}' }),
  repositories: named(repositorySchema, repositoryName).refine(hasAny, AT_LEAST_ONE),
  encryption: encryptionSchema.optional().meta({ description: 'whom backups are encrypted to, with age' }),
  trust: z.array(publicKey).optional().meta({ description: 'keys of other hosts whose signatures count' }),
  notify: notifySchema.optional().meta({ description: 'who is told of trouble' }),
  deployments: named(deployment, name).refine(hasAny, AT_LEAST_ONE),
});

export type ConfigShape = z.output<typeof configSchema>;
export type DeploymentShape = z.output<typeof deployment>;
