// What rclone means by its words, which are mostly those of whatever it talks to.
import { type FailureRule, only, whenItSays } from './failure-rule.js';

/** The words stand in the order of how much they say: a refused login is often followed by a lost connection. */
export const RCLONE_FAILURES: readonly FailureRule[] = [
  only(
    ({ command }) => command.program === 'rclone',
    [
      whenItSays(/file system for "([^":]+):.*didn't find section in config file/, {
        code: 'CONFIG_INVALID',
        message: 'rclone knows no remote $1',
        hint: 'rclone listremotes shows those it knows; RCLONE_CONFIG names its configuration file',
      }),
      whenItSays(/didn't find backend called "([^"]+)"/, {
        code: 'CONFIG_INVALID',
        message: 'this rclone has no back end $1',
        hint: 'install a newer rclone, or choose another kind of remote',
      }),
      whenItSays(/(unable to decrypt configuration[^\n]*|couldn't decrypt configuration[^\n]*)/i, {
        code: 'CONFIG_INVALID',
        message: 'rclone’s configuration is encrypted and cannot be opened',
        hint: 'let RCLONE_PASSWORD_COMMAND name a command that prints its password',
      }),
      whenItSays(
        /(no space left[^\n]*|disk quota exceeded|insufficient storage|storageQuotaExceeded|quota[^\n]{0,40}exceeded|\b507\b)/i,
        { code: 'DISK_FULL', message: 'the remote is full' },
      ),
      whenItSays(
        /(unable to authenticate|no supported methods remain|401 Unauthorized|403 Forbidden|AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|AuthenticationFailed|AuthorizationFailure|invalid_grant|invalid_client|couldn't fetch token|token expired|Unauthorized: 401)/i,
        {
          code: 'REPOSITORY_UNREACHABLE',
          message: 'the remote refuses its credentials: $1',
          hint: 'mend them with rclone config, then try: rclone lsd REMOTE:PATH',
          retryable: false,
        },
      ),
      whenItSays(/(permission denied|read-only file system|operation not permitted)/i, {
        code: 'REPOSITORY_UNREACHABLE',
        message: 'the remote refuses to be written: $1',
        hint: 'give rclone’s user the right to write there',
        retryable: false,
      }),
      whenItSays(
        /(connection refused|no such host|network is unreachable|no route to host|i\/o timeout|connection reset|connection timed out|TLS handshake timeout|x509: [^\n]+|unexpected EOF|ssh: handshake failed[^\n]*|50[0-4] [A-Z][^\n]{0,60})/i,
        {
          code: 'REPOSITORY_UNREACHABLE',
          message: 'the remote does not answer: $1',
          hint: 'see whether it is up: rclone lsd REMOTE:PATH',
        },
      ),
    ],
  ),
];
