// Databases and files of one backup: that every row has its file, and how far apart the moments lie that it shows.
import { Failure } from '../../domain/failure.js';
import type { Manifest, TreeFacts } from '../../domain/manifest.js';
import type { Quiet, SnapshotTaken } from '../../domain/plans.js';

export type Scan = Pick<TreeFacts, 'name' | 'scanStartedAt' | 'scanEndedAt'>;

/** Every row has its file only when each scan began after the snapshots were there. */
export const requireLockStep = (trees: readonly Scan[], snapshot: SnapshotTaken | null): void => {
  const early = snapshot === null ? undefined : trees.find((tree) => tree.scanStartedAt < snapshot.takenAt);
  if (early === undefined) return;
  throw new Failure('UNEXPECTED', `files ${early.name} were read before the database’s snapshot was taken`, {
    retryable: false,
  });
};

/** One moment only when nothing of the deployment could write from before the first look until after the last one. */
export const moment = (
  contents: { databases: readonly unknown[]; trees: readonly Scan[] },
  { snapshot, quiet }: { snapshot: SnapshotTaken | null; quiet: Quiet | null },
): Pick<Manifest, 'consistency' | 'gapMs' | 'pausedMs'> => {
  const moments = momentsOf(contents.trees, snapshot);
  const same =
    quiet !== null &&
    !quiet.partial &&
    moments.every((at) => at >= Date.parse(quiet.from) && at <= Date.parse(quiet.until));
  return {
    consistency: same ? 'same-moment' : 'live',
    gapMs: same ? 0 : gapOf(contents, snapshot),
    pausedMs: quiet === null ? 0 : Date.parse(quiet.until) - Date.parse(quiet.since),
  };
};

/** From the first snapshot or scan to the end of the last scan; 0 for one database alone. Milliseconds. */
export const gapOf = (
  { databases, trees }: { databases: readonly unknown[]; trees: readonly Scan[] },
  snapshot: SnapshotTaken | null,
): number => {
  if (trees.length === 0 && databases.length <= 1) return 0;
  const moments = momentsOf(trees, snapshot);
  return Math.max(...moments) - Math.min(...moments);
};

const momentsOf = (trees: readonly Scan[], snapshot: SnapshotTaken | null): number[] =>
  [
    ...(snapshot === null ? [] : [snapshot.requestedAt, snapshot.takenAt]),
    ...trees.flatMap((tree) => [tree.scanStartedAt, tree.scanEndedAt]),
  ].map((at) => Date.parse(at));
