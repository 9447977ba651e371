// What restic means by its words; 0.14 ends with 1 whatever it is, newer ones have a code for the common cases.
import { Failure } from '../domain/failure.js';
import { type FailureRule, only, whenItSays } from './failure-rule.js';

const NOT_THERE =
  /Is there a repository at the following location|unable to open config file|repository does not exist/;
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
      whenItSays(LOCKED, {
        code: 'REPOSITORY_UNREACHABLE',
        message: 'the restic repository is locked by $1',
        hint: 'wait until that one is done; restic unlock removes the lock of a program that is dead',
      }),
      whenItSays(
        /(no matching ID found.*|no snapshot found.*|ciphertext verification failed.*|nonce is invalid.*|wrong data returned.*|hash mismatch.*|(?:blob|pack|tree|id) \S+ not found.*|does not match id.*|load\S* [^\n]*(?:no such file|does not exist).*)/i,
        { code: 'CORRUPT_ARTIFACT', message: 'the restic repository lacks something or is damaged: $1' },
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

/** Somebody else is at work in it. */
export const saysLocked = saying(LOCKED);
