// What a plan activity decides and every later activity of the run is given: names and pinned values, no paths, no secrets.
import type { BackupType } from './names.js';
import type { RestoreMode } from './requests.js';

/** Which operation an activity belongs to; another instance refuses it. */
export interface OperationKey {
  deployment: string;
  /** Ten hexadecimal digits. */
  operation: string;
  instance: string;
  /** The run that planned it. */
  run: RunIdentity;
  /** Then a step that fails is tried no more; one that works may end. ISO 8601. Missing: the number of attempts decides. */
  giveUpAt?: string;
}

export interface RunIdentity {
  workflowId: string;
  firstRunId: string;
}

export interface BackupPlan extends OperationKey {
  backup: string;
  type: BackupType;
  tier: string;
  /** The moment of its tier's schedule. Missing: somebody started it. */
  scheduledFor?: string;
  startedAt: string;
  /** Digest of the deployment's configuration. */
  configuration: string;
  databases: string[];
  trees: string[];
  /** The repositories become this instance's, whoever's they were. */
  takeOver: boolean;
  /** Services that are paused or stopped while the files are archived: `compose edms/web`. */
  quiet: string[];
  /** Which hooks there are something to run for. */
  hooks: BackupHook[];
  /** Names of the repositories that get a copy. Plans of earlier versions have none. */
  copies?: string[];
  /** It is kept until somebody unpins it. */
  pinned?: true;
  /** There are no tiers: retention has nothing to do. Plans of earlier versions do not say. */
  keepsAll?: true;
}

export type BackupHook = 'beforeBackup' | 'afterBackup';

/** What is fetched and staged, whatever becomes of it then. */
export interface StagingPlan extends OperationKey {
  backup: string;
  repository: string;
  /** Repositories that hold it too, and step in where an artifact is missing or damaged. Earlier plans have none. */
  others?: string[];
  /** As asked, although nobody who is trusted has signed it: who has, for people. Missing: it is signed, or nothing is read. */
  unsigned?: string;
  databases: string[];
  trees: string[];
}

/** What is restored beside everything, compared, and dropped again. */
export interface DrillPlan extends StagingPlan {
  configuration: string;
  /** Of the artifacts that are read, before they were compressed. */
  rawBytes: number;
  /** It is restored on a second server, whose roles and tablespaces are others. */
  elsewhere: boolean;
  /** Roles that the second server lacks: then everything belongs to the role that restores. None: owners and rights come back. */
  withoutOwners: string[];
  /** To whom it was encrypted; empty: it was not. */
  opened: string;
  /** For people. */
  lines: string[];
}

export interface RestorePlan extends StagingPlan {
  kind: 'restore' | 'undo';
  /** `in-place`: databases alone. */
  mode: RestoreMode;
  /** In place: the id of the backup of what is there now, which is made first. Empty: none is. */
  safety: string;
  configuration: string;
  /** Trees of them that are put beside, and the folders they are put into. Plans of earlier versions have none. */
  aside?: { tree: string; path: string }[];
  /** For an undo: the operation whose replaced data is put back. */
  undoes: string;
  /** Services that are stopped for it, in this order. */
  services: string[];
  /** They stay stopped. */
  leaveStopped: boolean;
  /** Whether there are commands to run before the services start, and checks to pass after. */
  hooks: boolean;
  checks: boolean;
  /** How long it waits for an approval; what each step from closing to opening may take; how long it waits for health. Milliseconds. */
  approveWithinMs: number;
  forwardWithinMs: number;
  healthyWithinMs: number;
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

/** When services were quiet for a backup. ISO 8601, by the agent's clock. */
export interface Quiet {
  /** When the first one was touched, when all were quiet, and when the last one was put back. */
  since: string;
  from: string;
  until: string;
  /** One of the deployment's services may have written meanwhile: it was to be kept running, or was put back early. */
  partial: boolean;
}

/** What the health checks saw. */
export interface HealthSeen {
  healthy: boolean;
  /** One line for each check that failed. */
  lines: string[];
}

export interface SwapResult {
  closedAt: string;
  openAt: string;
}

/** How a roll-back begins its answer when what was restored in place stays, because there is no safety backup. */
export const RESTORED_DATA_STAYS = 'what was restored stays';

export const snapshotSignal = 'snapshotTaken';
