// What restic means by its words; 0.14 ends with 1 whatever it is, newer ones have a code for the common cases.
import { Failure } from '../domain/failure.js';
import { type FailureRule, only, whenItSays } from './failure-rule.js';

const NOT_THERE =
  /Is there a repository at the following location|unable to open config file|repository does not exist/;
/** Without these no byte of it can be decrypted. */
const NOT_OPENED =
  /(config or key \S+ is damaged|config cannot be loaded|config file has zero size|Fatal: Unmarshal: [^\n]*)/;

/** A pack that was cut or is gone, an index or a snapshot that is no longer what its name says. */
const DAMAGED = new RegExp(
  `(${[
    'no matching ID found[^\\n]*|no snapshot found[^\\n]*|does not match id[^\\n]*',
    'ciphertext verification failed[^\\n]*|nonce is invalid[^\\n]*|wrong data returned[^\\n]*|hash mismatch[^\\n]*',
    '(?:blob|pack|tree|id) \\S+ not found[^\\n]*|load(?! ?\\(?<lock)\\S* [^\\n]*(?:no such file|does not exist|invalid data returned)[^\\n]*',
    'ReadFull\\([^)]*\\): [^\\n]*(?:EOF|no such file|does not exist)[^\\n]*',
  ].join('|')})`,
  'i',
);

/** Said to whoever backs up as well: there nothing else helps. */
const DAMAGED_HINT =
  'holdfast verify --repair takes out what is damaged and mends it from a good copy; until then restore another backup: holdfast list';

/** Prune touches nothing of what it finds so. */
const UNFIT_TO_PRUNE =
  /(pack size does not match calculated size[^\n]*|packs from index missing in repo|index is not complete|failed loading snapshot[^\n]*)/;

/** As restic tells it with a stack: first the cause, then what it did. */
const CUT_WHILE_COPIED =
  /^((?:unexpected )?EOF|open [^\n]*no such file or directory)\n(?:ReadFull|StreamPack)/m;
const FULL = /no space left on device|disk quota exceeded|insufficient storage/i;
/** What restic packs before it goes into the repository lies in the host's own folder for that. */
const FULL_HERE =
  /(?:write|open|close) (\/\S*)\/restic-temp-\S+: (?:no space left on device|disk quota exceeded)/;
/** Of a folder of this host. */
const NOT_LET_IN =
  /((?:open|mkdir|write|rename|remove|unlinkat|chmod|l?stat|readdirent) \/[^\n]*: (?:permission denied|read-only file system|operation not permitted))/;
const LOCKED = /already locked (?:exclusively )?by (.+)/;

export const RESTIC_FAILURES: readonly FailureRule[] = [
  only(
    ({ name }) => name === 'restic',
    [
      whenItSays(/wrong password or no key found/, {
        code: 'REPOSITORY_CREDENTIALS',
        message: 'the password is not the one of this restic repository',
        hint: 'check the repository’s password in holdfast.yaml: restic cannot open it without the right one',
      }),
      whenItSays(NOT_OPENED, {
        code: 'REPOSITORY_UNREACHABLE',
        message: 'the restic repository cannot be opened: $1',
        hint: 'put its file config, or what lies in keys, back from a copy of them: without them nobody can read it',
        retryable: false,
      }),
      whenItSays(FULL_HERE, {
        code: 'DISK_FULL',
        message: 'the folder $1, where restic packs what it stores, is full',
      }),
      whenItSays(FULL, { code: 'DISK_FULL', message: 'it is full' }),
      whenItSays(NOT_LET_IN, {
        code: 'REPOSITORY_UNREACHABLE',
        message: '$1',
        hint: 'let the user that holdfast runs as read and write all of it; what restic stored as another user may be closed to it',
        retryable: false,
      }),
      whenItSays(LOCKED, {
        code: 'REPOSITORY_UNREACHABLE',
        message: 'the restic repository is locked by $1',
        hint: 'wait until that one is done; restic unlock removes the lock of a program that is dead',
      }),
      whenItSays(UNFIT_TO_PRUNE, {
        code: 'CORRUPT_ARTIFACT',
        message: 'the restic repository lacks something or is damaged: $1',
        hint: 'holdfast verify says which backups are; --repair takes what they lack from a good copy',
      }),
      whenItSays(/(load <index\/[^\n]*invalid data returned)/, {
        code: 'CORRUPT_ARTIFACT',
        message: 'the restic repository is damaged: $1',
        hint: 'without that index nothing there can be read or stored: verify --repair makes a new one (restic rebuild-index)',
      }),
      ...[DAMAGED, CUT_WHILE_COPIED].map((words) =>
        whenItSays(words, {
          code: 'CORRUPT_ARTIFACT',
          message: 'the restic repository lacks something or is damaged: $1',
          hint: DAMAGED_HINT,
        }),
      ),
      whenItSays(NOT_THERE, {
        code: 'REPOSITORY_UNREACHABLE',
        message: 'there is no restic repository, or it does not answer',
      }),
      whenItSays(/unknown (?:flag|command)[^\n]*/, {
        code: 'VERSION_MISMATCH',
        message: 'this restic is too old',
        hint: 'install restic 0.14 or newer',
      }),
      whenItSays(/Fatal: ([^\n]+)/, { code: 'REPOSITORY_UNREACHABLE', message: 'restic says: $1' }),
    ],
  ),
];

const saying =
  (pattern: RegExp) =>
  (thrown: unknown): boolean =>
    thrown instanceof Failure && pattern.test(thrown.evidence ?? '');

/** It may be made: the place answers, and nothing is there. */
export const saysNoRepository = (thrown: unknown): boolean =>
  saying(NOT_THERE)(thrown) &&
  saying(/no such file|does not exist|not found|NoSuchKey|NoSuchBucket|404/i)(thrown);

/**
 * A line of restic's that says why it reads once more, and will for a minute: in a folder of this host what is cut or gone
 * stays so. Of packs only: somebody else's lock may go while restic looks at it.
 */
export const readsInVain = (line: string): boolean =>
  /^Load\(<data\/.*returned error, retrying after [^:]*: .*(?:EOF|no such file or directory)$/.test(line);

/** Somebody else is at work in it. */
export const saysLocked = saying(LOCKED);
