// What the configured backups will cost in space: measured where it can be, assumed and said so where it cannot.
import type { Deployment } from '../../config/config.js';
import { withSession } from '../../database/session.js';
import { asFailure } from '../../domain/failure.js';
import { freeBytes } from '../../files/free-space.js';
import { locateDatabase, locateTree } from '../locate.js';
import { USUAL_KEEP } from './draft.js';
import { type FilesMeasure, measureFiles } from './measure-files.js';

export interface Space {
  /** As PostgreSQL counts it; null: it could not be asked, for the reason that stands in `unknown`. */
  databaseBytes: number | null;
  files: FilesMeasure;
  /** Of one backup. */
  backupBytes: number;
  /** How many the tiers keep once each of them is full. */
  kept: number;
  keptBytes: number;
  /** Where the repository is, or will be. */
  freeBytes: number | null;
  /** What could not be measured, in sentences. */
  unknown: string[];
}

/** Of what PostgreSQL uses on its disk. Indexes are not dumped, and zstd halves what is: between a tenth and a half is usual. */
export const DATABASE_RATIO = 0.25;

/** Where no sample could be compressed: as it is, since media files do not shrink. */
const FILES_RATIO = 1;

export const measureSpace = async (
  deployment: Deployment,
  { repository, tiers }: { repository: string; tiers: readonly string[] },
): Promise<Space> => {
  const [database, trees] = await Promise.all([databaseBytes(deployment), treePaths(deployment)]);
  const files = await measureFiles(trees.paths);
  const backupBytes = Math.round(
    (database.bytes ?? 0) * DATABASE_RATIO + files.bytes * (files.ratio ?? FILES_RATIO),
  );
  const kept = keptBackups(tiers);
  return {
    databaseBytes: deployment.databases.length === 0 ? 0 : database.bytes,
    files,
    backupBytes,
    kept,
    keptBytes: backupBytes * kept,
    freeBytes: await freeBytes(repository).catch(() => null),
    unknown: [...database.unknown, ...trees.unknown],
  };
};

/** Without tiers nothing goes by itself but what is made by hand, after a month: one is counted. */
export const keptBackups = (tiers: readonly string[]): number =>
  Math.max(
    1,
    tiers.reduce((sum, tier) => sum + (USUAL_KEEP[tier] ?? 0), 0),
  );

const databaseBytes = async ({
  databases,
}: Deployment): Promise<{ bytes: number | null; unknown: string[] }> => {
  const [settings] = databases;
  if (settings === undefined) return { bytes: 0, unknown: [] };
  try {
    const target = await locateDatabase(settings);
    const bytes = await withSession(target, { applicationName: 'holdfast:init' }, async (client) => {
      const { rows } = await client.query<{ bytes: string }>(
        'select pg_database_size(current_database()) as bytes',
      );
      return Number(rows[0]?.bytes ?? 0);
    });
    return { bytes, unknown: [] };
  } catch (thrown) {
    return {
      bytes: null,
      unknown: [`the database could not be asked for its size: ${asFailure(thrown).message}`],
    };
  }
};

const treePaths = async ({ trees }: Deployment): Promise<{ paths: string[]; unknown: string[] }> => {
  const paths: string[] = [];
  const unknown: string[] = [];
  for (const tree of trees) {
    try {
      paths.push((await locateTree(tree)).path);
    } catch (thrown) {
      unknown.push(`files ${tree.name} could not be measured: ${asFailure(thrown).message}`);
    }
  }
  return { paths, unknown };
};
