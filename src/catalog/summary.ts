// What a list says of a backup: little enough that those of ten years fit into one file.
import type { Manifest } from '../domain/manifest.js';

export interface BackupSummary {
  tiers: string[];
  /** ISO 8601, as in the manifest. */
  startedAt: string;
  scheduledFor: string | null;
  pinned: boolean;
  /** Stored bytes of its artifacts. */
  bytes: number;
  rows: number;
  tables: number;
  files: number;
}

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
