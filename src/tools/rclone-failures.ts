// What rclone means by its words, which are mostly those of whatever it talks to.
import { Failure } from '../domain/failure.js';
import type { FailureCode } from '../domain/failure-codes.js';
import type { Ending } from './ending.js';
import type { FailureRule } from './failure-rule.js';
import { tellingLine } from './telling-line.js';

interface Meaning {
  said: RegExp;
  code: FailureCode;
  /** `$1` stands for the group of what was said. */
  message: string;
  hint?: string;
  retryable?: boolean;
}

/** In the order of how much they say: a refused login is often followed by a lost connection. */
const MEANINGS: readonly Meaning[] = [
  {
    said: /file system for "([^":]+):.*didn't find section in config file/,
    code: 'CONFIG_INVALID',
    message: 'rclone knows no remote $1',
    hint: 'rclone listremotes shows those it knows; RCLONE_CONFIG names its configuration file',
  },
  {
    said: /didn't find backend called "([^"]+)"/,
    code: 'CONFIG_INVALID',
    message: 'this rclone has no back end $1',
    hint: 'install a newer rclone, or choose another kind of remote',
  },
  {
    said: /unable to decrypt configuration|couldn't decrypt configuration/i,
    code: 'CONFIG_INVALID',
    message: 'rclone’s configuration is encrypted and cannot be opened',
    hint: 'let RCLONE_PASSWORD_COMMAND name a command that prints its password',
  },
  {
    said: /no space left|disk quota exceeded|insufficient storage|storageQuotaExceeded|quota[^\n]{0,40}exceeded|\b507\b/i,
    code: 'DISK_FULL',
    message: 'it is full',
  },
  {
    said: /(unable to authenticate|no supported methods remain|401 Unauthorized|403 Forbidden|AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|AuthenticationFailed|invalid_grant|invalid_client|couldn't fetch token|token expired|Unauthorized: 401)/i,
    code: 'REPOSITORY_CREDENTIALS',
    message: 'the credentials are refused: $1',
    hint: 'mend the remote with rclone config, then try: rclone lsd REMOTE:PATH',
  },
  {
    said: /(permission denied|read-only file system|operation not permitted)/i,
    code: 'REPOSITORY_RIGHTS',
    message: 'it cannot be written: $1',
    hint: 'give the remote’s user the right to read and write there',
  },
  {
    said: /(connection refused|no such host|network is unreachable|no route to host|i\/o timeout|connection reset|connection timed out|TLS handshake timeout|x509: [^\n]+|unexpected EOF|ssh: handshake failed[^\n]*)/i,
    code: 'REPOSITORY_UNREACHABLE',
    message: 'it does not answer: $1',
    hint: 'see whether it is up: rclone lsd REMOTE:PATH',
  },
];

/** Whatever rclone fails with is about its remote; one that was killed is not. */
export const rcloneFailure: FailureRule = (ending) => {
  if (ending.command.program !== 'rclone' || ending.signal !== null) return null;
  for (const meaning of MEANINGS) {
    const said = meaning.said.exec(ending.words);
    if (said !== null) return failure(ending, meaning, said[1] ?? '');
  }
  const word = tellingLine(ending.tail, 'rclone').replace(LOG_PREFIX, '');
  return failure(ending, { code: 'REPOSITORY_UNREACHABLE', message: `rclone says: ${word}` }, '');
};

/** `2026/11/21 16:01:39 ERROR : name: `. */
const LOG_PREFIX = /^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d (?:[A-Z]+ *: )?/;

const failure = (
  { command, tail }: Ending,
  { code, message, hint, retryable }: Omit<Meaning, 'said'>,
  said: string,
): Failure => {
  const where = command.writesInto ?? 'the remote';
  return new Failure(code, `${where}: ${message.replace('$1', said)}`, { hint, retryable, evidence: tail });
};
