// What people may ask of copies: to be made, and to be looked into. As strict as src/domain/requests.ts.
import { BACKUP_ID_PATTERN, isBackupId, isName } from './names.js';
import { reader } from './request-reader.js';

export interface CopyRequest {
  deployment: string;
  /** null: every one. */
  backup: string | null;
  /** The repository that is read; null: the first one that has it whole. */
  from: string | null;
  /** The repository that is filled; null: all but the primary. */
  to: string | null;
}

export interface VerifyRequest {
  /** null: all of them. */
  deployment: string | null;
  /** null: every one. */
  backup: string | null;
  /** null: all of the deployment's. */
  repository: string | null;
  /** Decompresses, and reads dumps and archives too. */
  decode: boolean;
  /** Fills what is missing or damaged from a good copy. */
  repair: boolean;
  /** Megabytes a second that are read at most; null: as fast as it goes. */
  rate: number | null;
}

const BACKUP_ID = `a backup’s id (${BACKUP_ID_PATTERN.source})`;
const REPOSITORY = 'the name of a repository';

export const parseCopyRequest = (input: unknown): CopyRequest => {
  const read = reader(input, 'copy', ['deployment', 'backup', 'from', 'to'], '{"deployment": "edms"}');
  return {
    deployment: read.name('deployment'),
    backup: read.optional('backup', null, isBackupId, BACKUP_ID),
    from: read.optional('from', null, isName, REPOSITORY),
    to: read.optional('to', null, isName, REPOSITORY),
  };
};

const VERIFY_KEYS = ['deployment', 'backup', 'repository', 'decode', 'repair', 'rate'];

/** Without input it is about everything. */
export const parseVerifyRequest = (input: unknown): VerifyRequest => {
  const read = reader(
    input === undefined ? {} : input,
    'verify',
    VERIFY_KEYS,
    '{"deployment": "edms", "decode": true}',
  );
  return {
    deployment: read.optional('deployment', null, isName, 'a name'),
    backup: read.optional('backup', null, isBackupId, BACKUP_ID),
    repository: read.optional('repository', null, isName, REPOSITORY),
    decode: read.optional('decode', false, isChoice, 'true or false'),
    repair: read.optional('repair', false, isChoice, 'true or false'),
    rate: read.optional('rate', null, isRate, 'a number of megabytes a second above 0'),
  };
};

const isChoice = (value: unknown): value is boolean => typeof value === 'boolean';
const isRate = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0;
