// Databases and files in lock-step: the snapshot first, the scan of the files beside the dump, so that every row has its
// file. A dump that had to be retried has a newer snapshot: files that were read before it are archived again.
import { condition, defineSignal, setHandler } from '@temporalio/workflow';
import {
  type ArchiveResult,
  type BackupPlan,
  type DumpResult,
  type Part,
  type Quiet,
  type SnapshotTaken,
  snapshotSignal,
} from '../domain/plans.js';
import { type Patience, transfer } from './activities.js';
import { megabytes } from './details.js';
import type { ShownProgress } from './progress.js';
import type { QuietServices } from './services.js';
import { together } from './together.js';

export interface StoredArtifacts {
  parts: Part[];
  /** null: the backup holds no database. */
  snapshot: SnapshotTaken | null;
  /** null: no service was quiet. */
  quiet: Quiet | null;
}

export const storeArtifacts = async (
  plan: BackupPlan,
  { step }: ShownProgress,
  { patience, services }: { patience: Patience; services: QuietServices },
): Promise<StoredArtifacts> => {
  const taken = snapshotsOfDump();
  const dump = (): Promise<DumpResult> =>
    step('dump databases', (name) => transfer(name, patience).dumpDatabases({ plan }), stored);
  const archive = (): Promise<ArchiveResult> =>
    step('archive files', (name) => transfer(name, patience).archiveFiles({ plan }), stored);
  // Once the snapshot is there and the files are read, services may write again: the dump shows the snapshot's moment.
  const archiveInQuiet = async (): Promise<ArchiveResult> => {
    const archived = await archive();
    await services.end();
    return archived;
  };
  if (plan.databases.length === 0) {
    const { part } = await archiveInQuiet();
    return { parts: [part], snapshot: null, quiet: await services.end() };
  }
  const [dumped, archived] = await together(dump, async () => {
    await condition(() => taken.length > 0);
    if (plan.trees.length > 0) return archiveInQuiet();
    await services.end();
    return null;
  });
  const late = archived !== null && archived.scanStartedAt < dumped.takenAt;
  const inStep = late ? await archive() : archived;
  const { part, requestedAt, takenAt } = dumped;
  return {
    parts: [part, ...(inStep === null ? [] : [inStep.part])],
    snapshot: { requestedAt, takenAt },
    quiet: await services.end(),
  };
};

/** The dump activity says so as soon as its snapshot is there, and goes on. */
const snapshotsOfDump = (): SnapshotTaken[] => {
  const taken: SnapshotTaken[] = [];
  setHandler(defineSignal<[SnapshotTaken]>(snapshotSignal), (snapshot) => void taken.push(snapshot), {
    description: 'Sent by the dump itself; not for people',
  });
  return taken;
};

const stored = ({ bytes }: { bytes: number }): string => `${megabytes(bytes)} stored`;
