// The log: one entry for everything that happened to a deployment's backups, each naming the one before, so that what was
// taken out is missed. Entries outlive the backups they speak of.
import { z } from 'zod';
import { BACKUP_ID_PATTERN, NAME_PATTERN } from './names.js';

export const LOG_KINDS = [
  'backup',
  'copy',
  'verify',
  'drill',
  'restore',
  'approval',
  'prune',
  'pin',
  'configuration',
  'key',
] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/** Ten hexadecimal digits: of the operation, or from the run; the same event noted twice is one entry. */
const LOG_ID_PATTERN = /^[0-9a-f]{10}$/;

export const logEventSchema = z.strictObject({
  deployment: z.string().regex(NAME_PATTERN),
  kind: z.enum(LOG_KINDS),
  id: z.string().regex(LOG_ID_PATTERN),
  /** When it ended. */
  at: z.iso.datetime(),
  /** The backup that it is about; empty: none. */
  backup: z.union([z.string().regex(BACKUP_ID_PATTERN), z.literal('')]),
  /** `made`, `intact`, `damaged`, `restored`, `rolled back`, `failed`: what came of it. */
  outcome: z.string().min(1),
  /** What an auditor asks next: repository, milliseconds, bytes, who, why. Never a secret. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
});
export type LogEvent = z.output<typeof logEventSchema>;

export const logEntrySchema = logEventSchema.extend({
  version: z.literal(1),
  instance: z.string(),
  holdfastVersion: z.string(),
  /** The entry before it, by the name and the SHA-256 of its stored bytes; null: this one begins the log. */
  previous: z.strictObject({ name: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }).nullable(),
});
export type LogEntry = z.output<typeof logEntrySchema>;
