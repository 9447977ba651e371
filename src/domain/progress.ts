// What a running workflow shows: answered by its `progress` query, drawn by the command line.
import type { BackupCopy } from './copies.js';
import type { BackupDrill } from './drills.js';

export type RunKind = 'backup' | 'copy' | 'restore' | 'drill' | 'settle' | 'doctor' | 'verify' | 'prune';

export interface StepProgress {
  /** `dump databases`, `swap`: also the summary of the activity in the Temporal UI. */
  name: string;
  state: 'running' | 'done' | 'failed';
  /** One line: what came out of it, or what went wrong and when it is tried again. */
  detail: string;
}

export interface Progress {
  kind: RunKind;
  deployment: string;
  /** Empty until it is known. */
  backup: string;
  phase:
    | 'planning'
    | 'waiting for approval'
    | 'working'
    | 'waiting for a decision'
    | 'rolling back'
    | 'rolled back'
    | 'done';
  steps: StepProgress[];
  /** What will be done, line by line, once it is planned. */
  plan: string[];
  /** What `approve` expects in `confirm`; empty when nothing waits. */
  confirm: string;
}

/** What a long activity reports while it runs; `describe` shows the latest one. */
export interface TransferHeartbeat {
  /** `database.main`, `files.storage`. */
  source: string;
  /** Bytes moved so far, and how many are expected (0: unknown). */
  bytes: number;
  expected: number;
  /** Where no bytes move: what was seen last. */
  words?: string;
}

/** Why the first attempt of a step failed. */
export interface StepTrouble {
  /** `dumpDatabases`. */
  activity: string;
  /** One sentence. */
  message: string;
}

/** Why a scheduled backup is cancelled. */
export interface GivenWay {
  /** The restore's run. */
  to: string;
}

export const giveWaySignal = 'giveWay';
export const troubleSignal = 'stepTrouble';
export const progressQuery = 'progress';
export const approveUpdate = 'approve';
export const decideUpdate = 'decide';
export const giveUpUpdate = 'giveUp';

/** The answer for a restore after which the application is as unhealthy as it was before. */
export interface Decision {
  keep: boolean;
  by?: string;
}

export interface Approval {
  /** `<deployment>@<backup id>`. */
  confirm: string;
  /** Who approves, as the client says. */
  by?: string;
}

/** How a restore was approved, for the log. */
export interface GivenApproval {
  /** As the client says. */
  by: string;
  how: 'with the input' | 'while it waited';
}

export interface BackupResult {
  deployment: string;
  backup: string;
  bytes: number;
  artifacts: number;
  gapMs: number;
  durationMs: number;
  /** The other repositories, which do not have it yet; none: there is one only. */
  copies: BackupCopy[];
  /** How it was proved, where that was asked for. */
  drill?: BackupDrill;
}

export interface RestoreResult {
  deployment: string;
  backup: string;
  outcome: 'restored';
  /** From the first service's stop to the last one's start; where there are none, from closing the live data to opening the restored data. */
  downtimeMs: number;
  durationMs: number;
  databases: string[];
  trees: string[];
  /** Trees of them that were put beside, and where. Runs of earlier versions say nothing of it. */
  aside?: { tree: string; path: string }[];
  /** After the restore; `unhealthy`: as before it, and kept. */
  health: 'healthy' | 'unhealthy' | 'not checked';
  /** Empty: somebody who is trusted has signed it; else who has, and it was restored as asked. */
  unsigned: string;
  /** Artifacts that did not come from the planned repository, and why: one line each. */
  elsewhere: string[];
  /** Services that the restore stopped and that stay so, as asked. */
  leftStopped: string[];
  /** Restored in place: the backup of what was there before; empty: none was made. */
  safety: string;
  /** Until when the replaced data is kept for `undo`: ISO 8601; empty when nothing was replaced. */
  previousUntil: string;
}

export interface SettleResult {
  deployment: string;
  /** One line: what was found and what was done about it. */
  outcome: string;
}

export interface DoctorResult {
  /** No problem was found. */
  ok: boolean;
  problems: number;
  warnings: number;
  /** `edms STORAGE problem: … (hint)`, what is worst first; what is well is not among them. */
  lines: string[];
  /** How many more there are: the run's details show them. */
  omitted: number;
}
