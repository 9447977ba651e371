// What tar, zstd and age mean by their words, and a full disk, whoever says it.
import { Failure } from '../domain/failure.js';
import type { Ending } from './ending.js';
import { type FailureRule, only, whenItSays } from './failure-rule.js';
import { outputFailure } from './output-failure.js';
import { tellingLine } from './telling-line.js';

const isTar = ({ name }: Ending): boolean => name === 'tar' || name === 'gtar';
const doing =
  (flag: string) =>
  (ending: Ending): boolean =>
    isTar(ending) && ending.command.args.includes(flag);

const NAMED_AT_MOST = 5;
const UNREADABLE =
  /^g?tar: (.+): (?:Cannot|Read error|Warning: Cannot)[^:]*: (?:Permission denied|Input\/output error|Operation not permitted|Stale file handle)/gm;

/** tar goes on after a file that it cannot read and exits with 2: the first few are named. */
const unreadableFiles: FailureRule = ({ words, tail }) => {
  const paths = [...new Set([...words.matchAll(UNREADABLE)].map((said) => said[1] ?? ''))];
  if (paths.length === 0) return null;
  const more = paths.length > NAMED_AT_MOST ? ', and more' : '';
  return new Failure('UNREADABLE_FILES', `cannot read ${paths.slice(0, NAMED_AT_MOST).join(', ')}${more}`, {
    evidence: tail,
  });
};

/** `tar --compare` exits with 1 when something differs; its stdout names what. */
const differences: FailureRule = ({ exitCode, tail }) =>
  exitCode === 1
    ? new Failure('NOT_IDENTICAL', 'the files differ from those in the backup', { evidence: tail })
    : null;

export const STREAM_FAILURES: readonly FailureRule[] = [
  outputFailure,
  (ending) =>
    /No space left on device|Disk quota exceeded/.test(ending.words)
      ? new Failure('DISK_FULL', `the disk is full: ${tellingLine(ending.tail, ending.name)}`, {
          evidence: ending.tail,
        })
      : null,
  only(doing('--create'), [
    whenItSays(/^g?tar: (.+): Cannot (?:open|chdir|stat): No such file or directory\n.*not recoverable/m, {
      code: 'TREE_MISSING',
      message: 'there is no folder $1',
    }),
    unreadableFiles,
  ]),
  only(
    (ending) => doing('--extract')(ending) || doing('--compare')(ending),
    [
      whenItSays(
        /(Unexpected EOF in archive|This does not look like a tar archive|Skipping to next header|Malformed .*)/,
        {
          code: 'CORRUPT_ARTIFACT',
          message: 'the archive in the backup is damaged: $1',
        },
      ),
    ],
  ),
  only(doing('--compare'), [differences]),
  only(
    ({ name, command }) => name === 'zstd' && command.args.includes('-d'),
    [
      whenItSays(
        /(Decoding error .*|premature (?:frame )?end.*|unsupported format|unknown header|unexpected end of file|[Ii]ncomplete.*|[Cc]hecksum.*)/,
        {
          code: 'CORRUPT_ARTIFACT',
          message: 'the artifact does not decode: $1',
        },
      ),
    ],
  ),
  only(
    ({ name, command }) => name === 'age' && command.args.includes('--decrypt'),
    [
      whenItSays(/no identity matched/, {
        code: 'WRONG_KEY',
        message: 'the key that is here opens nothing that was encrypted to these recipients',
      }),
      whenItSays(/(unsupported SSH identity type|malformed (?:SSH identity|secret key|identity))/, {
        code: 'CONFIG_INVALID',
        message: 'encryption.identity: age does not take the key: $1',
      }),
      whenItSays(
        /(unexpected EOF|failed to (?:decrypt|read (?:header|nonce)|parse \S+ recipient).*|invalid \S+ recipient block.*|bad header MAC.*|parsing age header.*)/,
        {
          code: 'CORRUPT_ARTIFACT',
          message: 'the artifact does not decrypt: $1',
        },
      ),
    ],
  ),
];
