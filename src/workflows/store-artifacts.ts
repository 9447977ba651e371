// Databases and files in lock-step: the snapshot first, the scan of the files beside the dump, so that every row has its
// file. A dump that had to be retried has a newer snapshot: files that were read before it are archived again.
import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import {
  type ArchiveResult,
  type BackupPlan,
  type DumpResult,
  type Part,
  type SnapshotTaken,
  snapshotSignal,
} from '../domain/plans.js';
import { type Patience, transfer } from './activities.js';
import { megabytes } from './details.js';
import type { ShownProgress } from './progress.js';
import { together } from './together.js';

export interface StoredArtifacts {
  parts: Part[];
  /** null: the backup holds no database. */
  snapshot: SnapshotTaken | null;
}

export const storeArtifacts = async (
  plan: BackupPlan,
  { step }: ShownProgress,
  patience: Patience,
): Promise<StoredArtifacts> => {
  const taken = snapshotsOfDump();
  const dump = (): Promise<DumpResult> =>
    step('dump databases', (name) => transfer(name, patience).dumpDatabases({ plan }), stored);
  const archive = (): Promise<ArchiveResult> =>
    step('archive files', (name) => transfer(name, patience).archiveFiles({ plan }), stored);
  if (plan.databases.length === 0) return { parts: [(await archive()).part], snapshot: null };
  if (plan.trees.length === 0) return withSnapshot(await dump(), []);
  const [dumped, archived] = await together(dump, async () => {
    await condition(() => taken.length > 0);
    return archive();
  });
  const inStep = archived.scanStartedAt < dumped.takenAt ? await archive() : archived;
  return withSnapshot(dumped, [inStep.part]);
};

/** The dump activity says so as soon as its snapshot is there, and goes on. */
const snapshotsOfDump = (): SnapshotTaken[] => {
  const taken: SnapshotTaken[] = [];
  setHandler(defineSignal<[SnapshotTaken]>(snapshotSignal), (snapshot) => void taken.push(snapshot), {
    description: 'Sent by the dump itself; not for people',
  });
  return taken;
};

const withSnapshot = ({ part, requestedAt, takenAt }: DumpResult, parts: Part[]): StoredArtifacts => ({
  parts: [part, ...parts],
  snapshot: { requestedAt, takenAt },
});

const stored = ({ bytes }: { bytes: number }): string => `${megabytes(bytes)} stored`;
