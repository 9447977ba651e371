// What a list says of a backup: little enough that those of ten years fit into one file.
import { z } from 'zod';
import type { Manifest } from '../domain/manifest.js';

const count = z.number().int().nonnegative();

export const summarySchema = z.strictObject({
  tiers: z.array(z.string()),
  /** ISO 8601, as in the manifest. */
  startedAt: z.string(),
  scheduledFor: z.string().nullable(),
  pinned: z.boolean(),
  /** Stored bytes of its artifacts. */
  bytes: count,
  rows: count,
  tables: count,
  files: count,
});

export type BackupSummary = z.output<typeof summarySchema>;

export const summaryOf = (manifest: Manifest): BackupSummary => {
  const { tiers, startedAt, scheduledFor, pinned, artifacts, databases, trees } = manifest;
  const tables = databases.flatMap((database) => database.tables);
  return {
    ...{ tiers: [...tiers], startedAt, scheduledFor, pinned },
    bytes: sum(artifacts.map(({ bytes }) => bytes)),
    rows: sum(tables.map(({ rows }) => rows)),
    tables: tables.length,
    files: sum(trees.map(({ files }) => files)),
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
