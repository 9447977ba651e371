// What the runs `copy` and `verify` come to, and what their steps tell each other.

/** One repository after a run of `copy`. */
export interface CopyOutcome {
  repository: string;
  /** `complete`: it holds every backup that was asked for. */
  state: 'complete' | 'incomplete';
  /** Backups that were copied by this run, and their bytes. */
  copied: number;
  bytes: number;
  /** How many could not be copied, and why: of the first one. */
  missing: number;
  problem: string;
}

export interface CopyResult {
  deployment: string;
  copies: CopyOutcome[];
}

/** What a backup says of its copies when it ends: they are made by a run of their own. */
export interface BackupCopy {
  repository: string;
  state: 'being copied' | 'missing';
}

/** Some backups of one deployment, newest first; `more`: older ones follow. */
export interface BackupPage {
  backups: string[];
  more: boolean;
}

/** Tells a `copy` that runs already to look again once it is through. */
export const copyAgainSignal = 'copyAgain';

/** One copy of one backup, as `verify` found it. */
export interface VerifiedCopy {
  bytes: number;
  /** One line each; none: it is whole and the very one that was stored. */
  problems: string[];
  /** They were found and put right. */
  repaired: number;
  /** Its bytes are those that were stored, and no key is here that opens them: it was to be decoded, and was not. */
  closed?: true;
}

/** What was read of one deployment in one repository, for the log. */
export interface VerifiedPart {
  deployment: string;
  repository: string;
  /** The one that was named; empty: all of them. */
  backup: string;
  decode: boolean;
  copies: number;
  bytes: number;
  repaired: number;
  /** Every backup from the newest to the oldest one was read, and these are not whole; `omitted`: how many more. */
  newest: string;
  oldest: string;
  damaged: string[];
  omitted: number;
  /** Why it did not come to its end; empty: it did. */
  problem: string;
}

export interface VerifyResult {
  /** Nothing is wrong, or nothing is wrong any more. */
  ok: boolean;
  /** Copies that were read: one backup in two repositories is two. */
  copies: number;
  bytes: number;
  problems: number;
  repaired: number;
  /** `20260111T224748Z-full-3f9a in offsite: files.storage.tar.zst is missing`. */
  lines: string[];
  /** How many more there are. */
  omitted: number;
}
