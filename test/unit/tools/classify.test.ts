import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../src/tools/classify.js';
import { ending } from './sample-ending.js';

const POSTGRES: readonly (readonly [program: string, said: string, expected: object])[] = [
  [
    'pg_dump',
    'pg_dump: error: connection to server at "db" (10.0.0.2), port 5432 failed: Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?',
    {
      code: 'DATABASE_UNREACHABLE',
      retryable: true,
      message: 'connection to server at "db" (10.0.0.2), port 5432 failed: Connection refused',
    },
  ],
  [
    'pg_dump',
    'pg_dump: error: connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory',
    { code: 'DATABASE_UNREACHABLE' },
  ],
  [
    'pg_dump',
    'pg_dump: error: connection to server at "db" (10.0.0.2), port 5432 failed: timeout expired',
    { code: 'DATABASE_UNREACHABLE' },
  ],
  [
    'pg_dump',
    'pg_dump: error: connection to server at "db" failed: FATAL:  the database system is starting up',
    { code: 'DATABASE_UNREACHABLE', retryable: true },
  ],
  [
    'pg_dump',
    'pg_dump: error: connection to server at "db" failed: FATAL:  sorry, too many clients already',
    { code: 'DATABASE_UNREACHABLE', retryable: true },
  ],
  [
    'pg_dump',
    'pg_dump: error: connection to server at "db" failed: FATAL:  password authentication failed for user "app"',
    {
      code: 'DATABASE_CREDENTIALS',
      message: 'the server refused the login: password authentication failed for user "app"',
    },
  ],
  [
    'pg_dump',
    'pg_dump: error: connection to server at "db" failed: fe_sendauth: no password supplied',
    { code: 'DATABASE_CREDENTIALS' },
  ],
  [
    'pg_dump',
    'pg_dump: error: connection to server at "db" failed: FATAL:  role "app" does not exist',
    { code: 'DATABASE_CREDENTIALS' },
  ],
  [
    'pg_dump',
    'pg_dump: error: connection to server at "db" failed: FATAL:  no pg_hba.conf entry for host "10.0.0.3", user "app", database "x", no encryption',
    { code: 'DATABASE_CREDENTIALS' },
  ],
  [
    'pg_dump',
    'pg_dump: error: connection to server at "db" failed: FATAL:  database "edms" does not exist',
    { code: 'UNKNOWN_DATABASE', message: 'database "edms" does not exist' },
  ],
  [
    'pg_dump',
    'pg_dump: error: aborting because of server version mismatch\npg_dump: detail: server version: 18.4; pg_dump version: 15.18',
    { code: 'VERSION_MISMATCH', message: 'pg_dump 15 cannot dump a PostgreSQL 18 server' },
  ],
  [
    'pg_restore',
    'pg_restore: error: unsupported version (1.16) in file header',
    { code: 'VERSION_MISMATCH' },
  ],
  [
    'pg_restore',
    'pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "transaction_timeout"',
    { code: 'VERSION_MISMATCH' },
  ],
  [
    'pg_dump',
    'pg_dump: error: query failed: ERROR:  permission denied for table secrets\npg_dump: detail: Query was: LOCK TABLE public.secrets IN ACCESS SHARE MODE',
    { code: 'DATABASE_RIGHTS', message: 'permission denied for table secrets' },
  ],
  [
    'pg_dump',
    'pg_dump: error: query failed: ERROR:  query would be affected by row-level security policy for table "secrets"',
    { code: 'DATABASE_RIGHTS' },
  ],
  [
    'pg_dump',
    'pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout',
    { code: 'TOOL_FAILED', retryable: true },
  ],
  [
    'pg_dump',
    'pg_dump: error: Dumping the contents of table "t" failed: PQgetResult() failed.\npg_dump: detail: Error message from server: FATAL:  terminating connection due to administrator command',
    { code: 'TOOL_FAILED', retryable: true },
  ],
  [
    'pg_restore',
    'pg_restore: error: could not execute query: ERROR:  could not extend file "base/1/2": No space left on device',
    { code: 'DISK_FULL', retryable: false },
  ],
  [
    'pg_restore',
    'pg_restore: error: could not execute query: ERROR:  role "app" does not exist',
    { code: 'DATABASE_NOT_READY', retryable: false },
  ],
  [
    'pg_restore',
    'pg_restore: error: could not execute query: ERROR:  extension "vector" is not available',
    { code: 'DATABASE_NOT_READY' },
  ],
  [
    'pg_restore',
    'pg_restore: error: could not read from input file: end of file',
    { code: 'CORRUPT_ARTIFACT', retryable: false },
  ],
];

const STREAMS: readonly (readonly [program: string, args: string[], said: string, expected: object])[] = [
  [
    'zstd',
    [],
    'zstd: error 70 : Write error : cannot write block : No space left on device',
    { code: 'DISK_FULL' },
  ],
  [
    'zstd',
    ['-d'],
    'zstd: /*stdin*\\ : Decoding error (36) : Data corruption detected',
    {
      code: 'CORRUPT_ARTIFACT',
      message: 'the artifact does not decode: Decoding error (36) : Data corruption detected',
    },
  ],
  ['zstd', ['-d'], 'zstd: /*stdin*\\: unsupported format', { code: 'CORRUPT_ARTIFACT' }],
  [
    'tar',
    ['--extract'],
    'tar: Unexpected EOF in archive\ntar: Error is not recoverable: exiting now',
    { code: 'CORRUPT_ARTIFACT' },
  ],
  [
    'tar',
    ['--create'],
    'tar: "/srv/none": Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now',
    { code: 'TREE_MISSING', message: 'there is no folder "/srv/none"' },
  ],
  ['age', ['--decrypt'], 'age: error: unexpected EOF', { code: 'CORRUPT_ARTIFACT' }],
  ['age', ['--decrypt'], 'age: error: bad header MAC', { code: 'CORRUPT_ARTIFACT' }],
  [
    'age',
    ['--decrypt'],
    'age: error: failed to parse X25519 recipient: illegal base64 data at input byte 9',
    { code: 'CORRUPT_ARTIFACT' },
  ],
  ['age', ['--decrypt'], 'age: error: invalid X25519 recipient block', { code: 'CORRUPT_ARTIFACT' }],
  ['age', ['--decrypt'], 'age: error: failed to read nonce: unexpected EOF', { code: 'CORRUPT_ARTIFACT' }],
  [
    'age',
    ['--decrypt'],
    'age: error: failed to read header: parsing age header: failed to read intro: EOF',
    { code: 'CORRUPT_ARTIFACT' },
  ],
  [
    'age',
    ['--decrypt'],
    'age: error: failed to decrypt and authenticate payload chunk',
    { code: 'CORRUPT_ARTIFACT' },
  ],
  [
    'age',
    ['--decrypt'],
    'age: error: no identity matched any of the recipients\nage: report unexpected or unhelpful errors at https://filippo.io/age/report',
    { code: 'WRONG_KEY' },
  ],
  [
    'age',
    ['--decrypt'],
    'age: error: reading "/x/identity": malformed SSH identity in "/x/identity": unsupported SSH identity type: *ecdsa.PrivateKey',
    {
      code: 'CONFIG_INVALID',
      message: 'encryption.identity: age does not take the key: malformed SSH identity',
    },
  ],
];

describe('a failed program', () => {
  it.each(POSTGRES)('%s that says “%s” is understood', (program, said, expected) => {
    expect(failureOf(ending(program, { exitCode: 1, said }))).toMatchObject({ ...expected, evidence: said });
  });

  it.each(STREAMS)('%s %j that says “%s” is understood', (program, args, said, expected) => {
    expect(failureOf(ending(program, { exitCode: 2, args, said }))).toMatchObject(expected);
  });

  it('is quoted with the line that tells, not the one that only says goodbye', () => {
    const said =
      'tar: "./x": Cannot mkdir: File exists\ntar: Exiting with failure status due to previous errors';
    expect(failureOf(ending('tar', { exitCode: 2, args: ['--extract'], said })).message).toBe(
      'tar failed (exit 2): "./x": Cannot mkdir: File exists',
    );
  });

  it('that says nothing is named with its exit code alone', () => {
    expect(failureOf(ending('zstd', { exitCode: 9 })).message).toBe('zstd failed (exit 9)');
  });

  it('names the first files that it could not read, though thousands follow', () => {
    const lines = Array.from({ length: 9 }, (_, n) => `tar: "./f${n}": Cannot open: Permission denied`);
    const failure = failureOf(ending('tar', { exitCode: 2, args: ['--create'], said: lines.join('\n') }));
    expect(failure.code).toBe('UNREADABLE_FILES');
    expect(failure.message).toBe('cannot read "./f0", "./f1", "./f2", "./f3", "./f4", and more');
  });

  it('is no other program’s failure because of a word in its own messages', () => {
    const said = 'tar: "./password authentication failed for user": Cannot mkdir: File exists';
    expect(failureOf(ending('tar', { exitCode: 2, said })).code).toBe('TOOL_FAILED');
  });
});
