// manifest.json: what a backup is. It is written last, its bytes are fixed once, and it is never overwritten.
import { z } from 'zod';
import { BACKUP_ID_PATTERN, BACKUP_TYPES, NAME_PATTERN } from './names.js';

export const MANIFEST_VERSION = 1;

const bytes = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();
const name = z.string().regex(NAME_PATTERN);

export const storedArtifactSchema = z.strictObject({
  /** The object's name in the backup's folder: `database.main.dump.zst`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,120}$/),
  kind: z.enum(['database', 'files', 'globals', 'secrets']),
  /** Name of the database or the tree; empty for globals and secrets. */
  source: z.union([name, z.literal('')]),
  /** As stored, after all transforms. */
  bytes,
  /** Before the transforms; null where the compressor did not say. */
  rawBytes: bytes.nullable(),
  sha256,
  /** In the order in which they were applied. */
  transforms: z.array(z.enum(['zstd', 'age'])),
  /** Where the repository deduplicates: bytes of it that were not there before, as restic says. */
  added: bytes.exactOptional(),
});
export type StoredArtifact = z.infer<typeof storedArtifactSchema>;

export const isEncrypted = ({ transforms }: Pick<StoredArtifact, 'transforms'>): boolean =>
  transforms.includes('age');

export const databasePropertiesSchema = z.strictObject({
  owner: z.string(),
  /** null: the default rights of a new database. */
  acl: z
    .array(z.strictObject({ grantee: z.string().nullable(), privilege: z.string(), grantable: z.boolean() }))
    .nullable(),
  /** `ALTER DATABASE … SET`, and `ALTER ROLE … IN DATABASE … SET` where a role is named. */
  settings: z.array(z.strictObject({ role: z.string().nullable(), name: z.string(), value: z.string() })),
  connectionLimit: z.number().int(),
  comment: z.string().nullable(),
  tablespace: z.string(),
});
export type DatabaseProperties = z.infer<typeof databasePropertiesSchema>;

export const databaseFactsSchema = z.strictObject({
  /** The configured name (`main`), and the database's own (`edms`). */
  name,
  database: z.string(),
  serverVersion: z.number().int(),
  encoding: z.string(),
  collate: z.string(),
  ctype: z.string(),
  localeProvider: z.enum(['libc', 'icu', 'builtin']),
  locale: z.string().nullable(),
  extensions: z.array(z.strictObject({ name: z.string(), version: z.string() })),
  /** Roles that own something in it or hold rights on something in it. */
  roles: z.array(z.string()),
  properties: databasePropertiesSchema,
  /** pg_database_size. */
  bytes,
  /** When the snapshot was taken, by the server's clock. */
  snapshotAt: time,
  tables: z.array(
    z.strictObject({ schema: z.string(), name: z.string(), rows: z.number().int().nonnegative() }),
  ),
  largeObjects: z.number().int().nonnegative(),
});
export type DatabaseFacts = z.infer<typeof databaseFactsSchema>;

export const treeFactsSchema = z.strictObject({
  name,
  path: z.string(),
  /** Entries of every kind, folders included, and the sum of the regular files' sizes. */
  entries: z.number().int().nonnegative(),
  files: z.number().int().nonnegative(),
  bytes,
  /** SHA-256 over names, kinds, modes, owners, sizes, times and link targets. */
  digest: sha256,
  scanStartedAt: time,
  scanEndedAt: time,
  /** Names as JSON text; bytes that are not UTF-8 are written `\xff`. */
  changed: z.array(z.string()),
  vanished: z.array(z.string()),
});
export type TreeFacts = z.infer<typeof treeFactsSchema>;

/** What ran when the backup was made: an older or newer application may not understand the data. */
export const applicationSchema = z.strictObject({
  /** Of its source, as its images or its folder say; null: unknown. */
  revision: z.string().nullable(),
  /** Per service: `compose edms/web`, the image's name and its id. */
  images: z.array(z.strictObject({ service: z.string(), image: z.string(), id: z.string() })),
});
export type Application = z.infer<typeof applicationSchema>;

export const manifestSchema = z.strictObject({
  version: z.literal(MANIFEST_VERSION),
  id: z.string().regex(BACKUP_ID_PATTERN),
  deployment: name,
  type: z.enum(BACKUP_TYPES),
  tiers: z.array(name),
  /** The moment of its schedule, however late it began; null: somebody started it. */
  scheduledFor: time.nullable().default(null),
  /** It is kept until somebody unpins it. */
  pinned: z.boolean().default(false),
  instance: z.string(),
  holdfastVersion: z.string(),
  startedAt: time,
  finishedAt: time,
  workflow: z.strictObject({ id: z.string(), runId: z.string() }),
  consistency: z.enum(['same-moment', 'live']),
  /** From the first snapshot or scan to the end of the last scan; 0 for one database alone. Milliseconds. */
  gapMs: z.number().int().nonnegative(),
  /** How long services were paused. Milliseconds. */
  pausedMs: z.number().int().nonnegative(),
  application: applicationSchema.default({ revision: null, images: [] }),
  artifacts: z.array(storedArtifactSchema),
  /** RESTORE.md and holdfast.yaml, as they lie beside it. */
  documents: z.array(z.strictObject({ name: z.string(), bytes, sha256 })).default([]),
  /** Whom its artifacts are encrypted to: age's public keys. Empty: they are not. */
  recipients: z.array(z.string()).default([]),
  databases: z.array(databaseFactsSchema),
  trees: z.array(treeFactsSchema),
});
export type Manifest = z.infer<typeof manifestSchema>;
