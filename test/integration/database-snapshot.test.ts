import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withSession } from '../../src/database/session.js';
import { analyze, compareCounts, countRows } from '../../src/database/side-database.js';
import { withSnapshot } from '../../src/database/snapshot.js';
import { databaseFactsSchema } from '../../src/domain/manifest.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';

const run = promisify(execFile);
const signal = new AbortController().signal;
const options = { applicationName: 'holdfast:test', signal };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.query('postgres', `create role alice; create role reader login password 'reader'`);
  await cluster.query('postgres', 'create database app owner alice template template0');
  await cluster.query('postgres', 'create database copy template template0');
  await cluster.query(
    'app',
    `create table busy (id int); insert into busy select generate_series(1, 1000);
    create table "Odd ""table""." (x int); insert into "Odd ""table""." values (1);
    create schema "Sales"; create unlogged table "Sales".fast as select 1 as one;
    create table parted (id int) partition by range (id);
    create table parted_low partition of parted for values from (0) to (10);
    create table parted_high partition of parted for values from (10) to (20);
    insert into parted select generate_series(0, 14);
    create table parent (id int); create table child () inherits (parent);
    insert into parent values (1); insert into child values (2), (3);
    create materialized view seen as select * from busy; create view shown as select 1;
    create extension hstore; alter table child owner to alice;
    select lo_create(0), lo_create(0), lo_create(0);`,
  );
});
afterAll(() => cluster.stop());

const target = () => targetOf(cluster, 'app');

/** Writes to `busy` until it is stopped, in transactions of their own. */
const writer = () => {
  let over = false;
  const writing = (async () => {
    for (let count = 0; !over; count++) {
      await cluster.query('app', `insert into busy values (${count}); select lo_create(0)`);
    }
  })();
  const rows = async () => Number((await cluster.query('app', 'select count(*) as n from busy'))[0]?.n);
  return {
    /** Returns once more rows have been written. */
    progress: async () => {
      for (const before = await rows(); (await rows()) === before; );
    },
    stop: async () => {
      over = true;
      await writing;
    },
  };
};

const environment = () => ({ ...process.env, PGPASSWORD: cluster.password });
const place = () => ['-h', cluster.host, '-p', String(cluster.port), '-U', cluster.user];

describe('a held snapshot', () => {
  it('has the counts of the dump that is taken from it, while others write', async () => {
    const busy = writer();
    try {
      const { facts, dump } = await withSnapshot(target(), options, async (snapshot) => {
        await busy.progress();
        const args = ['--format=plain', `--snapshot=${snapshot.id}`, ...place(), 'app'];
        const { stdout } = await run('pg_dump', args, { env: environment(), maxBuffer: 1 << 28 });
        await busy.progress();
        return { facts: await snapshot.facts(), dump: stdout };
      });
      const now = await countRows(target(), { database: 'app', ...options });
      expect(compareCounts(facts, now).length).toBeGreaterThan(0);
      const file = `${cluster.socketFolder}/dump.sql`;
      await writeFile(file, dump);
      await run('psql', ['-q', '-v', 'ON_ERROR_STOP=1', ...place(), '-d', 'copy', '-f', file], {
        env: environment(),
      });
      expect(compareCounts(facts, await countRows(target(), { database: 'copy', ...options }))).toEqual([]);
    } finally {
      await busy.stop();
    }
  });

  it('counts every table whose data is dumped, each on its own', async () => {
    const facts = await withSnapshot(target(), options, (snapshot) => snapshot.facts());
    expect(facts.tables.filter(({ name }) => name !== 'busy')).toEqual([
      { schema: 'Sales', name: 'fast', rows: 1 },
      { schema: 'public', name: 'Odd "table".', rows: 1 },
      { schema: 'public', name: 'child', rows: 2 },
      { schema: 'public', name: 'parent', rows: 1 },
      { schema: 'public', name: 'parted_high', rows: 5 },
      { schema: 'public', name: 'parted_low', rows: 10 },
    ]);
  });

  it('knows all that a manifest says about a database', async () => {
    const facts = await withSnapshot(target(), options, (snapshot) => snapshot.facts());
    expect(databaseFactsSchema.parse(facts)).toMatchObject({
      name: 'main',
      database: 'app',
      encoding: 'UTF8',
      collate: 'C',
      ctype: 'C',
      localeProvider: 'libc',
      locale: null,
      roles: ['alice', 'postgres'],
      properties: { owner: 'alice', acl: null, settings: [], connectionLimit: -1, tablespace: 'pg_default' },
    });
    expect(facts.extensions.map(({ name }) => name)).toEqual(['hstore', 'plpgsql']);
    expect(facts.serverVersion).toBeGreaterThan(130_000);
    expect(facts.bytes).toBeGreaterThan(1_000_000);
    expect(facts.largeObjects).toBeGreaterThanOrEqual(3);
  });

  it('fails rather than count too low where row level security hides rows', async () => {
    await cluster.query(
      'app',
      `create table secret (id int); alter table secret enable row level security;
      grant select on all tables in schema public, "Sales" to reader; grant usage on schema "Sales" to reader`,
    );
    const reader = targetOf(cluster, 'app', { user: 'reader', password: 'reader' });
    const counted = withSnapshot(reader, options, (snapshot) => snapshot.facts());
    await expect(counted).rejects.toMatchObject({ code: 'DATABASE_RIGHTS', message: /secret/ });
    await cluster.query('app', 'drop table secret');
  });

  it('says that the snapshot is gone when the session that held it is ended', async () => {
    const failed = withSnapshot(target(), options, async (snapshot) => {
      await cluster.query(
        'postgres',
        `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'holdfast:test'`,
      );
      await snapshot.facts();
    });
    await expect(failed).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      retryable: true,
      message: /snapshot ended: terminating connection due to administrator command/,
    });
  });

  it('ends on the server too when it is aborted in the middle of a count', async () => {
    const abort = new AbortController();
    await cluster.query('app', 'create table locked (id int)');
    const locker = new pg.Client({ connectionString: cluster.url('app') });
    await locker.connect();
    await locker.query('begin; lock table locked');
    const counting = withSnapshot(target(), { ...options, signal: abort.signal }, (snapshot) =>
      snapshot.facts(),
    );
    const ended = expect(counting).rejects.toThrow('enough');
    const sessions = async (condition: string) =>
      (
        await cluster.query(
          'postgres',
          `select pid from pg_stat_activity where application_name = 'holdfast:test' and ${condition}`,
        )
      ).length;
    while ((await sessions(`wait_event_type = 'Lock'`)) === 0);
    abort.abort(new Error('enough'));
    await ended;
    while ((await sessions('true')) > 0);
    await locker.end();
  });
});

describe('a session', () => {
  it('is not bound by the timeouts, the time zone or the search path of its role', async () => {
    await cluster.query(
      'postgres',
      `alter role reader set statement_timeout = '30ms'; alter role reader set timezone to 'Asia/Tokyo';
      alter role reader set search_path to nowhere; alter role reader set default_transaction_read_only to on`,
    );
    const reader = targetOf(cluster, 'app', { user: 'reader', password: 'reader' });
    const found = await withSession(reader, options, async (client) => {
      const names = [
        'statement_timeout',
        'timezone',
        'search_path',
        'default_transaction_read_only',
        'row_security',
      ];
      const shown: unknown[] = [];
      for (const name of names)
        shown.push((await client.query(`select current_setting('${name}') as s`)).rows[0].s);
      return shown;
    });
    expect(found).toEqual(['0', 'GMT', '', 'off', 'off']);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }, 'DATABASE_CREDENTIALS'],
    ['no password', { password: null }, 'DATABASE_CREDENTIALS'],
    ['an unknown role', { user: 'nobody else' }, 'DATABASE_CREDENTIALS'],
    ['an unknown database', { database: 'nowhere' }, 'UNKNOWN_DATABASE'],
    ['a port where nobody listens', { port: 1 }, 'DATABASE_UNREACHABLE'],
    ['a host that does not exist', { host: 'nowhere.invalid' }, 'DATABASE_UNREACHABLE'],
    ['TLS where there is none', { parameters: { sslmode: 'require' } }, 'DATABASE_UNREACHABLE'],
  ])('with %s fails with a code of its own', async (_what, change, code) => {
    const used = withSession({ ...target(), ...change }, options, async () => undefined);
    await expect(used).rejects.toMatchObject({
      code,
      message: expect.not.stringContaining(cluster.password),
    });
  });

  it('works over a Unix socket, with a name that looks like a connection string', async () => {
    await cluster.query('postgres', 'create database "host=evil dbname=x" template template0');
    const odd = { ...targetOf(cluster, 'host=evil dbname=x'), host: cluster.socketFolder };
    const name = await withSession(odd, options, async (client) => {
      return (await client.query('select current_database() as name')).rows[0].name;
    });
    expect(name).toBe('host=evil dbname=x');
  });

  it('gathers statistics for a restored database', async () => {
    await analyze(target(), { database: 'app', ...options });
    const rows = await cluster.query(
      'app',
      `select reltuples::int as n from pg_class where relname = 'parted_low'`,
    );
    expect(rows).toEqual([{ n: 10 }]);
  });
});
