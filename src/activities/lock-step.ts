// Databases and files of one backup: that every row has its file, and how far apart the moments lie that it shows.
import { Failure } from '../domain/failure.js';
import type { TreeFacts } from '../domain/manifest.js';
import type { SnapshotTaken } from '../domain/plans.js';

export type Scan = Pick<TreeFacts, 'name' | 'scanStartedAt' | 'scanEndedAt'>;

/** Every row has its file only when each scan began after the snapshots were there. */
export const requireLockStep = (trees: readonly Scan[], snapshot: SnapshotTaken | null): void => {
  const early = snapshot === null ? undefined : trees.find((tree) => tree.scanStartedAt < snapshot.takenAt);
  if (early === undefined) return;
  throw new Failure('UNEXPECTED', `files ${early.name} were read before the database’s snapshot was taken`, {
    retryable: false,
  });
};

/** From the first snapshot or scan to the end of the last scan; 0 for one database alone. Milliseconds. */
export const gapOf = (
  { databases, trees }: { databases: readonly unknown[]; trees: readonly Scan[] },
  snapshot: SnapshotTaken | null,
): number => {
  if (trees.length === 0 && databases.length <= 1) return 0;
  const moments = [
    ...(snapshot === null ? [] : [snapshot.requestedAt, snapshot.takenAt]),
    ...trees.flatMap((tree) => [tree.scanStartedAt, tree.scanEndedAt]),
  ].map((moment) => Date.parse(moment));
  return Math.max(...moments) - Math.min(...moments);
};
