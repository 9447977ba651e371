// What people may ask for: one JSON object of names and choices. Checked here for the command line, the Temporal UI,
// schedules and the HTTP API alike. Runs inside workflows, so it uses no library.
import { Failure } from './failure.js';
import {
  BACKUP_ID_PATTERN,
  BACKUP_TYPES,
  type BackupType,
  isBackupId,
  isName,
  NAME_PATTERN,
} from './names.js';
import { reader } from './request-reader.js';

export interface BackupRequest {
  deployment: string;
  type: BackupType;
  tier: string;
  /** The repositories are this host's from now on, whoever wrote into them until now. */
  takeOver: boolean;
  /** Restored beside everything once it is there, and compared. */
  drill: boolean;
  /** It is kept until somebody unpins it. */
  pin?: true;
}

export const RESTORE_MODES = ['swap', 'in-place'] as const;
export type RestoreMode = (typeof RESTORE_MODES)[number];

export interface RestoreRequest {
  deployment: string;
  /** A backup's id, the newest one, or what the last restore replaced (undo). */
  backup: string;
  repository: string | null;
  /** `database`, `files`, `database.<name>`, `files.<name>`; empty: everything in the backup. */
  only: string[];
  /** `swap`: beside the live data, then in its place. `in-place`: into the live databases, in one transaction each. */
  mode: RestoreMode;
  /** In place, and without a backup of what is replaced: there is no way back then. */
  withoutSafetyBackup: boolean;
  /** The services that it stopped stay stopped. */
  leaveStopped: boolean;
  /** A backup that nobody has signed, or somebody who is not trusted, is restored all the same. */
  allowUnsigned: boolean;
  /** `<deployment>@<backup id>`: approves without waiting. */
  confirm: string | null;
  /** The application is not there yet: services that are missing are left out, no hook runs, its health is not asked. */
  recovery?: true;
}

export interface SettleRequest {
  deployment: string;
}

export interface DoctorRequest {
  /** null: all of them. */
  deployment: string | null;
}

export const parseBackupRequest = (input: unknown): BackupRequest => {
  const read = reader(input, 'backup', BACKUP_KEYS, '{"deployment": "edms"}');
  return {
    deployment: read.name('deployment'),
    type: read.optional('type', 'full', isBackupType, `one of ${BACKUP_TYPES.join(', ')}`),
    tier: read.optional('tier', 'manual', isName, `a name (${NAME_PATTERN.source})`),
    takeOver: read.optional('takeOver', false, isChoice, 'true or false'),
    drill: read.optional('drill', false, isChoice, 'true or false'),
    ...(read.optional('pin', false, isChoice, 'true or false') ? { pin: true } : {}),
  };
};

const BACKUP_KEYS = ['deployment', 'type', 'tier', 'takeOver', 'drill', 'pin'];

export const parseRestoreRequest = (input: unknown): RestoreRequest => {
  const read = reader(input, 'restore', RESTORE_KEYS, '{"deployment": "edms", "backup": "latest"}');
  const request: RestoreRequest = {
    deployment: read.name('deployment'),
    backup: read.optional(
      'backup',
      'latest',
      isBackupChoice,
      `"latest", "previous" or a backup’s id (${BACKUP_ID_PATTERN.source})`,
    ),
    repository: read.optional('repository', null, isName, 'the name of a repository'),
    only: read.optional('only', [], isSelectors, 'a list of database, files, database.NAME, files.NAME'),
    mode: read.optional('mode', 'swap', isRestoreMode, `one of ${RESTORE_MODES.join(', ')}`),
    withoutSafetyBackup: read.optional('withoutSafetyBackup', false, isChoice, 'true or false'),
    leaveStopped: read.optional('leaveStopped', false, isChoice, 'true or false'),
    allowUnsigned: read.optional('allowUnsigned', false, isChoice, 'true or false'),
    confirm: read.optional('confirm', null, isText, 'the text DEPLOYMENT@BACKUP-ID'),
    ...(read.optional('recovery', false, isChoice, 'true or false') ? { recovery: true } : {}),
  };
  requireFittingMode(request);
  return request;
};

const RESTORE_KEYS = [
  'deployment',
  'backup',
  'repository',
  'only',
  'mode',
  'withoutSafetyBackup',
  'leaveStopped',
  'allowUnsigned',
  'confirm',
  'recovery',
];

const requireFittingMode = (request: RestoreRequest): void => {
  const { mode, withoutSafetyBackup, backup } = request;
  if (request.allowUnsigned && backup === 'previous')
    throw new Failure('INPUT_INVALID', 'restore: what the last restore replaced needs no signature', {
      hint: 'leave allowUnsigned out',
    });
  if (mode === 'swap' && withoutSafetyBackup)
    throw new Failure(
      'INPUT_INVALID',
      'restore: withoutSafetyBackup makes sense only with "mode": "in-place"',
      { hint: 'add it (--in-place), or leave this out: what a swap replaces is kept anyway' },
    );
  if (mode === 'in-place' && backup === 'previous')
    throw new Failure(
      'INPUT_INVALID',
      'restore: what the last restore replaced cannot be restored in place',
      {
        hint: 'leave mode out: it is swapped back',
      },
    );
};

export const parseSettleRequest = (input: unknown): SettleRequest => {
  const read = reader(input, 'settle', ['deployment'], '{"deployment": "edms"}');
  return { deployment: read.name('deployment') };
};

/** Without input it is about all deployments. */
export const parseDoctorRequest = (input: unknown): DoctorRequest => {
  const read = reader(input === undefined ? {} : input, 'doctor', ['deployment'], '{"deployment": "edms"}');
  return { deployment: read.optional('deployment', null, isName, `a name (${NAME_PATTERN.source})`) };
};

/** `database.main` and `files` select what they name; no selector selects everything. */
export const isSelected = (only: readonly string[], kind: 'database' | 'files', name: string): boolean =>
  only.length === 0 || only.includes(kind) || only.includes(`${kind}.${name}`);

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const isChoice = (value: unknown): value is boolean => typeof value === 'boolean';
const isBackupType = (value: unknown): value is BackupType => BACKUP_TYPES.some((type) => type === value);
const isRestoreMode = (value: unknown): value is RestoreMode => RESTORE_MODES.some((mode) => mode === value);
const isBackupChoice = (value: unknown): value is string =>
  value === 'latest' || value === 'previous' || isBackupId(value);

const SELECTOR = /^(database|files)(\.[a-z0-9][a-z0-9-]{0,40})?$/;
const isSelectors = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && SELECTOR.test(item));
