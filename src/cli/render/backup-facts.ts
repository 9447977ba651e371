// A backup's facts as --json gives them, and as tables count them.
import type { CatalogEntry } from '../../catalog/catalog.js';
import type { Proof } from '../../catalog/proof.js';
import type { Manifest } from '../../domain/manifest.js';
import { backupTime, backupType } from '../../domain/names.js';

/** The manifest's facts, after a backup was made. */
export const backupFacts = (manifest: Manifest) => ({
  deployment: manifest.deployment,
  backup: manifest.id,
  type: manifest.type,
  bytes: sum(manifest.artifacts, ({ bytes }) => bytes),
  rawBytes: rawBytes(manifest),
  artifacts: manifest.artifacts,
  databases: manifest.databases.map((database) => ({
    name: database.name,
    database: database.database,
    bytes: database.bytes,
    tables: database.tables.length,
    rows: sum(database.tables, ({ rows }) => rows),
    largeObjects: database.largeObjects,
  })),
  trees: manifest.trees.map(({ name, path, entries, files, bytes, digest, changed, vanished }) => ({
    name,
    path,
    entries,
    files,
    bytes,
    digest,
    changed,
    vanished,
  })),
  consistency: manifest.consistency,
  gapMs: manifest.gapMs,
  durationMs: durationOf(manifest),
});

/** One line of `holdfast list`. */
export const listedFacts = ({
  deployment,
  id,
  summary,
  problem,
  repositories,
  damaged,
  unknown,
  bytes,
  proved = null,
}: CatalogEntry & { proved?: Proof | null }) => ({
  deployment,
  backup: id,
  type: backupType(id),
  at: backupTime(id).toISOString(),
  bytes,
  rows: summary?.rows ?? null,
  tables: summary?.tables ?? null,
  files: summary?.files ?? null,
  tiers: summary?.tiers ?? null,
  /** As the log has it; null: the log cannot be read. */
  proved,
  repositories,
  /** Where its manifest cannot be read, and repositories that did not answer. */
  damaged,
  unknown,
  problem,
});

export type ListedBackup = ReturnType<typeof listedFacts>;

/** null when one of its artifacts does not say. */
const rawBytes = ({ artifacts }: Manifest): number | null =>
  artifacts.some((artifact) => artifact.rawBytes === null)
    ? null
    : sum(artifacts, (artifact) => artifact.rawBytes ?? 0);

export const rowsOf = ({ tables }: Manifest['databases'][number]): number => sum(tables, ({ rows }) => rows);

export const durationOf = ({ startedAt, finishedAt }: Manifest): number =>
  Date.parse(finishedAt) - Date.parse(startedAt);

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);
