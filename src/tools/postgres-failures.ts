// What pg_dump, pg_dumpall and pg_restore mean by their words (LC_ALL=C: they are in English). All of them exit with 1.
import type { Ending } from './ending.js';
import { only, whenItSays } from './failure-rule.js';

const isPostgres = ({ name }: Ending): boolean => name.startsWith('pg_');
const isRestore = ({ name }: Ending): boolean => name === 'pg_restore';

const LOGIN_RULES = [
  whenItSays(/FATAL: {1,2}(password authentication failed for user ".*")/, {
    code: 'DATABASE_CREDENTIALS',
    message: 'the server refused the login: $1',
  }),
  whenItSays(/no password supplied/, {
    code: 'DATABASE_CREDENTIALS',
    message: 'the server asks for a password, and none is configured',
  }),
  whenItSays(
    /FATAL: {1,2}(role ".*" (?:does not exist|is not permitted to log in)|\w+ authentication failed .*|no pg_hba\.conf entry .*)/,
    { code: 'DATABASE_CREDENTIALS', message: 'the server refused the login: $1' },
  ),
  whenItSays(/FATAL: {1,2}(database ".*" does not exist)/, { code: 'UNKNOWN_DATABASE', message: '$1' }),
  whenItSays(/FATAL: {1,2}(permission denied for database ".*")/, { code: 'DATABASE_RIGHTS', message: '$1' }),
];

const REACH_RULES = [
  whenItSays(
    /FATAL: {1,2}(the database system is .*|sorry, too many clients already|remaining connection slots .*)/,
    { code: 'DATABASE_UNREACHABLE', message: 'the server takes no connection now: $1' },
  ),
  whenItSays(/(could not translate host name .*)/, { code: 'DATABASE_UNREACHABLE', message: '$1' }),
  whenItSays(/(connection to server .*) failed: (.*)/, {
    code: 'DATABASE_UNREACHABLE',
    message: '$1 failed: $2',
  }),
  whenItSays(
    /(server closed the connection unexpectedly|could not receive data from server: .*|could not send data to server: .*|SSL SYSCALL error: .*|no connection to the server)/,
    { code: 'DATABASE_UNREACHABLE', message: 'the connection to the server was lost: $1' },
  ),
];

const VERSION_RULES = [
  whenItSays(/server version: (\d+)[\s\S]*?(pg_dump(?:all)?) version: (\d+)/, {
    code: 'VERSION_MISMATCH',
    message: '$2 $3 cannot dump a PostgreSQL $1 server',
  }),
  whenItSays(/unsupported version \((.*)\) in file header/, {
    code: 'VERSION_MISMATCH',
    message: 'the backup’s archive format $1 is newer than this pg_restore',
    hint: 'install the PostgreSQL client of the major version that wrote the backup, or a newer one',
  }),
  whenItSays(/unrecognized configuration parameter "transaction_timeout"/, {
    code: 'VERSION_MISMATCH',
    message: 'this pg_restore is too new for the server',
  }),
];

const RIGHTS_RULES = [
  whenItSays(/(query would be affected by row-level security policy for table ".*")/, {
    code: 'DATABASE_RIGHTS',
    message: '$1',
    hint: 'give the role BYPASSRLS, or use a superuser',
  }),
  whenItSays(/ERROR: {1,2}(permission denied (?:for|to) .*|must be (?:superuser|owner|able) .*)/, {
    code: 'DATABASE_RIGHTS',
    message: '$1',
  }),
];

const STATEMENT_RULES = [
  whenItSays(
    /(terminating connection due to .*|canceling statement due to .*|could not obtain lock on .*|deadlock detected)/,
    { code: 'TOOL_FAILED', message: 'the server ended the session: $1', retryable: true },
  ),
  whenItSays(/invalid snapshot identifier|could not import the requested snapshot/, {
    code: 'TOOL_FAILED',
    message: 'the snapshot to dump from is gone',
    retryable: true,
  }),
];

const RESTORE_RULES = [
  whenItSays(
    /(did not find magic string in file header|could not read from input file|unexpected end of file|found unexpected block ID .*|input file (?:is too short|appears to be|does not appear to be).*|corrupt .*)/,
    { code: 'CORRUPT_ARTIFACT', message: 'the dump in the backup is damaged: $1' },
  ),
  whenItSays(/ERROR: {1,2}(role ".*" does not exist)/, {
    code: 'DATABASE_NOT_READY',
    message: 'the server lacks what the backup needs: $1',
    hint: 'create the role first; the backup’s globals artifact holds the roles',
  }),
  whenItSays(/ERROR: {1,2}(extension ".*" is not available|could not open extension control file .*)/, {
    code: 'DATABASE_NOT_READY',
    message: 'the server lacks what the backup needs: $1',
    hint: 'install the extension on the server',
  }),
  whenItSays(/could not execute query: ERROR: {1,2}(.*)/, {
    code: 'TOOL_FAILED',
    message: 'the server refused a statement of the dump: $1',
    retryable: false,
  }),
];

export const POSTGRES_FAILURES = [
  only(isPostgres, [...LOGIN_RULES, ...VERSION_RULES, ...RIGHTS_RULES, ...STATEMENT_RULES, ...REACH_RULES]),
  only(isRestore, RESTORE_RULES),
];
