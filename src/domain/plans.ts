// What a plan activity decides and every later activity of the run is given: names and pinned values, no paths, no secrets.
import type { BackupType } from './names.js';

/** Which operation an activity belongs to; another instance refuses it. */
export interface OperationKey {
  deployment: string;
  /** Ten hexadecimal digits. */
  operation: string;
  instance: string;
  /** The run that planned it. */
  run: RunIdentity;
}

export interface RunIdentity {
  workflowId: string;
  firstRunId: string;
}

export interface BackupPlan extends OperationKey {
  backup: string;
  type: BackupType;
  tier: string;
  startedAt: string;
  /** Digest of the deployment's configuration. */
  configuration: string;
  databases: string[];
  trees: string[];
}

export interface RestorePlan extends OperationKey {
  kind: 'restore' | 'undo';
  backup: string;
  repository: string;
  configuration: string;
  databases: string[];
  trees: string[];
  /** For an undo: the operation whose replaced data is put back. */
  undoes: string;
  /** How long it waits for an approval. Milliseconds. */
  approveWithinMs: number;
  /** For people. */
  lines: string[];
  /** Over everything that was approved: a plan made again must have the same. */
  digest: string;
}

/** A list too long for a payload: a file in the operation's scratch folder. */
export interface Part {
  name: string;
  sha256: string;
}

export interface SnapshotTaken {
  /** By the agent's clock: before the first snapshot was asked for, and when the last one was there. ISO 8601. */
  requestedAt: string;
  takenAt: string;
}

export interface DumpResult extends SnapshotTaken {
  part: Part;
  bytes: number;
}

export interface ArchiveResult {
  part: Part;
  bytes: number;
  /** When the earliest walk began. ISO 8601. */
  scanStartedAt: string;
}

export interface SwapResult {
  closedAt: string;
  openAt: string;
}

export const snapshotSignal = 'snapshotTaken';
