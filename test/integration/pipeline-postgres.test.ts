// Real pg_dump, pg_dumpall and pg_restore against a real server: forth, back, and what their failures are called.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatabaseTarget } from '../../src/config/targets.js';
import type { Command } from '../../src/tools/command.js';
import { type PostgresProgram, postgresProgram } from '../../src/tools/find-program.js';
import { pgDump } from '../../src/tools/pg-dump.js';
import { pgDumpall } from '../../src/tools/pg-dumpall.js';
import { pgRestore } from '../../src/tools/pg-restore.js';
import { writeConnectionFiles } from '../../src/tools/postgres-connection.js';
import { runPipeline } from '../../src/tools/process.js';
import { zstdCompress, zstdDecompress } from '../../src/tools/zstd.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { rememberingRegister } from '../support/programs.js';

/** Every name that libpq could take for something else. */
const ODD = 'dbname=x host=y : "quoted" \\ é';
const PASSWORD = 'p:a\\s\'s w"örd=';
let cluster: Cluster;
let folder: string;
let major: number;

beforeAll(async () => {
  cluster = await startCluster();
  folder = await mkdtemp(join(tmpdir(), 'holdfast-pipeline-'));
  const [row] = await cluster.query('postgres', 'show server_version_num');
  major = Math.floor(Number(row?.server_version_num) / 10000);
  await cluster.query('postgres', `create database "${ODD.replaceAll('"', '""')}"`);
  await cluster.query('postgres', `create role reader login password '${PASSWORD.replaceAll("'", "''")}'`);
  await cluster.query(ODD, 'create table numbers as select n, md5(n::text) from generate_series(1, 20000) n');
  await cluster.query(ODD, 'create index on numbers (n)');
  await cluster.query('postgres', 'create database empty');
  await cluster.query('postgres', 'create database locked');
});

afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const run = async (commands: readonly Command[], input?: Buffer): Promise<Buffer> => {
  let stdout = Buffer.alloc(0);
  await runPipeline(commands, {
    signal: new AbortController().signal,
    processes: rememberingRegister().register,
    stallTimeoutMs: 0,
    consume: async (stream) => {
      stdout = await buffer(stream);
    },
    ...(input === undefined ? {} : { input: Readable.from([input]) }),
  });
  return stdout;
};

let connections = 0;

const use = async (name: PostgresProgram, target: DatabaseTarget) => {
  const files = join(folder, String(connections++));
  await mkdir(files, { mode: 0o700 });
  const { path } = await postgresProgram(name, major);
  return { program: path, env: await writeConnectionFiles(files, target, 'holdfast:test') };
};

/** A dump of what a session of its own sees. */
const dump = async (target: DatabaseTarget, source = target.database): Promise<Buffer> => {
  const session = new pg.Client({
    host: cluster.host,
    port: cluster.port,
    user: cluster.user,
    password: cluster.password,
    database: source,
  });
  await session.connect();
  try {
    await session.query('begin isolation level repeatable read read only');
    const { rows } = await session.query<{ id: string }>('select pg_export_snapshot() id');
    return await run([
      pgDump({ ...(await use('pg_dump', target)), snapshot: rows[0]?.id ?? '' }),
      zstdCompress(),
    ]);
  } finally {
    await session.end();
  }
};

const restore = async (input: Buffer, database: string) =>
  run([zstdDecompress(), pgRestore(await use('pg_restore', targetOf(cluster, database)))], input);

describe('a database', () => {
  it('comes back, whatever its name and the password are', async () => {
    await cluster.query(ODD, 'grant select on numbers to reader');
    const stored = await dump(targetOf(cluster, ODD, { user: 'reader', password: PASSWORD }));
    await cluster.query('postgres', 'create database copy');
    await restore(stored, 'copy');
    const [row] = await cluster.query('copy', 'select count(*)::int n, sum(n)::int s from numbers');
    expect(row).toEqual({ n: 20000, s: 200_010_000 });
  });

  it('may be empty', async () => {
    const stored = await dump(targetOf(cluster, 'empty'));
    await cluster.query('postgres', 'create database "empty copy"');
    await restore(stored, 'empty copy');
    expect(
      await cluster.query('empty copy', "select 1 from pg_class where relnamespace = 'public'::regnamespace"),
    ).toEqual([]);
  });

  it('is reached under the name that its sessions can be found by', async () => {
    const { env } = await use('pg_dump', {
      ...targetOf(cluster, 'empty'),
      parameters: { application_name: 'another', options: '-c search_path=x' },
    });
    const query = ['--no-psqlrc', '-At', '-c', 'show application_name', '-c', 'show search_path'];
    expect(String(await run([{ program: 'psql', args: query, env }]))).toBe('holdfast:test\nx\n');
  });
});

describe('the roles of a server', () => {
  it('are dumped without their passwords, by any role', async () => {
    const target = targetOf(cluster, 'empty', { user: 'reader', password: PASSWORD });
    const sql = String(await run([pgDumpall(await use('pg_dumpall', target))]));
    expect(sql).toMatch(/^CREATE ROLE reader;$/m);
    expect(sql).not.toMatch(/PASSWORD/);
  });

  it('are dumped even where the login may use no other database', async () => {
    await cluster.query('postgres', 'revoke connect on database postgres, template1 from public');
    const target = targetOf(cluster, 'empty', { user: 'reader', password: PASSWORD });
    const sql = String(await run([pgDumpall(await use('pg_dumpall', target))]));
    await cluster.query('postgres', 'grant connect on database postgres, template1 to public');
    expect(sql).toMatch(/^CREATE ROLE reader;$/m);
  });
});

describe('a failure', () => {
  const failing = async (target: DatabaseTarget) =>
    run([pgDump({ ...(await use('pg_dump', target)), snapshot: '' })]);

  it('is DATABASE_CREDENTIALS for a wrong, a missing and an unknown login', async () => {
    const target = targetOf(cluster, 'empty');
    const refused = { code: 'DATABASE_CREDENTIALS', retryable: false };
    await expect(failing({ ...target, password: 'wrong' })).rejects.toMatchObject(refused);
    await expect(failing({ ...target, password: null })).rejects.toMatchObject(refused);
    await expect(failing({ ...target, user: 'nobody here' })).rejects.toMatchObject(refused);
  });

  it('is UNKNOWN_DATABASE for a database that is not there', async () => {
    await expect(failing(targetOf(cluster, 'nope'))).rejects.toMatchObject({
      code: 'UNKNOWN_DATABASE',
      message: 'database "nope" does not exist',
    });
  });

  it('is DATABASE_UNREACHABLE, and worth another try, where nobody listens', async () => {
    const unreachable = { code: 'DATABASE_UNREACHABLE', retryable: true };
    await expect(failing({ ...targetOf(cluster, 'empty'), port: 1 })).rejects.toMatchObject(unreachable);
    await expect(failing({ ...targetOf(cluster, 'empty'), host: 'nowhere.invalid' })).rejects.toMatchObject(
      unreachable,
    );
  });

  it('is DATABASE_RIGHTS where the role may not read a table, or not all of its rows', async () => {
    const reader = { user: 'reader', password: PASSWORD };
    await cluster.query('locked', 'create table secret (n int)');
    await expect(dump(targetOf(cluster, 'locked', reader))).rejects.toMatchObject({
      code: 'DATABASE_RIGHTS',
      message: expect.stringContaining('permission denied for table secret'),
    });
    await cluster.query(
      'locked',
      'alter table secret enable row level security; grant select on secret to reader',
    );
    await expect(dump(targetOf(cluster, 'locked', reader))).rejects.toMatchObject({
      code: 'DATABASE_RIGHTS',
      hint: expect.stringContaining('BYPASSRLS'),
    });
  });

  it('is one sentence and not worth another try when the server refuses a statement', async () => {
    const stored = await dump(targetOf(cluster, ODD));
    await cluster.query('postgres', 'create database occupied');
    await cluster.query('occupied', 'create table numbers (n int)');
    await expect(restore(stored, 'occupied')).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: 'the server refused a statement of the dump: relation "numbers" already exists',
      retryable: false,
    });
  });

  it('is worth another try when the snapshot or the session is gone', async () => {
    const target = targetOf(cluster, 'empty');
    const gone = pgDump({ ...(await use('pg_dump', target)), snapshot: '00000003-0000001B-1' });
    await expect(run([gone])).rejects.toMatchObject({
      code: 'TOOL_FAILED',
      message: 'the snapshot to dump from is gone',
      retryable: true,
    });
  });

  it('is CORRUPT_ARTIFACT for a dump that is cut, whoever notices', async () => {
    const stored = await dump(targetOf(cluster, ODD));
    const raw = await run([zstdDecompress()], stored);
    const damaged = [
      stored.subarray(0, stored.length >> 1),
      await run([zstdCompress()], raw.subarray(0, raw.length >> 1)),
      await run([zstdCompress()], Buffer.from('not a dump')),
    ];
    for (const [index, input] of damaged.entries()) {
      await cluster.query('postgres', `create database damaged_${index}`);
      await expect(restore(input, `damaged_${index}`)).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
    }
  });

  it('is VERSION_MISMATCH where no program is new enough for the server', async () => {
    await expect(postgresProgram('pg_dump', 99)).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      message: expect.stringMatching(/^pg_dump \d+ cannot dump a PostgreSQL 99 server$/),
      hint: expect.stringContaining('postgresql-client-99'),
    });
  });
});
