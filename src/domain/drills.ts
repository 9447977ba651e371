// What a drill comes to, for the run's result and for the log; and what people may ask for.
import type { FailureCode } from './failure-codes.js';
import { BACKUP_ID_PATTERN, isBackupId, isName } from './names.js';
import { reader } from './request-reader.js';

export interface DrillRequest {
  deployment: string;
  /** A backup's id, or the newest one. */
  backup: string;
  /** null: the first one that holds it. */
  repository: string | null;
  /** Also a backup that nobody who is trusted has signed. */
  allowUnsigned: boolean;
}

export const parseDrillRequest = (input: unknown): DrillRequest => {
  const read = reader(input, 'drill', KEYS, '{"deployment": "edms"}');
  return {
    deployment: read.name('deployment'),
    backup: read.optional(
      'backup',
      'latest',
      isChoice,
      `"latest" or a backup’s id (${BACKUP_ID_PATTERN.source})`,
    ),
    repository: read.optional('repository', null, isName, 'the name of a repository'),
    allowUnsigned: read.optional('allowUnsigned', false, isBoolean, 'true or false'),
  };
};

const KEYS = ['deployment', 'backup', 'repository', 'allowUnsigned'];
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

const isChoice = (value: unknown): value is string => value === 'latest' || isBackupId(value);

/** What was compared with the backup and was the same. */
export interface Proved {
  tables: number;
  rows: number;
  /** Objects of the databases' dumps, their rows included. */
  objects: number;
  files: number;
  assertions: number;
  /** What was not compared, and why: one line each. */
  notes: string[];
}

export interface DrillResult extends Proved {
  deployment: string;
  backup: string;
  outcome: 'restored';
  repository: string;
  databases: string[];
  trees: string[];
  /** From the first byte that was fetched until everything was restored: what a recovery takes. */
  recoveryMs: number;
  /** That was restored, before it was compressed. */
  rawBytes: number;
  durationMs: number;
  /** To whom it was encrypted; empty: it was not. */
  opened: string;
  /** Artifacts that did not come from the planned repository, and why: one line each. */
  elsewhere: string[];
}

/** As the log holds it. */
export interface DrillOutcome {
  outcome: 'restored' | 'failed';
  facts: Record<string, string | number | boolean | string[]>;
}

/** What became of the drill of a backup that was just made: the backup is there in any case. */
export type BackupDrill =
  | { outcome: 'restored'; recoveryMs: number; rawBytes: number }
  | { outcome: 'failed'; code: FailureCode; message: string; hint: string };
