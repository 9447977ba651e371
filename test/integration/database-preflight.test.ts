import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkRestoreRights, checkServer } from '../../src/database/preflight.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';

let cluster: Cluster;
const login = (user: string) => ({ user, password: user });
beforeAll(async () => {
  cluster = await startCluster({ settings: { wal_level: 'logical' } });
  for (const role of ['owner', 'maker', 'stranger']) {
    await cluster.query('postgres', `create role ${role} login password '${role}'`);
  }
  await cluster.query('postgres', 'alter role owner createdb; alter role maker createdb');
  await cluster.query('postgres', 'create database app owner owner template template0');
});
afterEach(() => cluster.query('app', 'drop table if exists hidden, held'));
afterAll(() => cluster.stop());

const needs = { applicationName: 'holdfast:test', roles: ['owner'], extensions: [], dumpVersion: 130_000 };
const check = (change: Partial<Parameters<typeof checkRestoreRights>[1]> = {}, user?: string) =>
  checkRestoreRights([targetOf(cluster, 'app', user === undefined ? cluster : login(user))], {
    ...needs,
    ...change,
  });

describe('the check of a server', () => {
  it('gives version, size and, to those who may know, the data folder', async () => {
    const facts = await checkServer(targetOf(cluster, 'app'), needs);
    expect(facts).toMatchObject({ inRecovery: false, dataDirectory: expect.stringContaining('/data') });
    expect(facts.bytes).toBeGreaterThan(1_000_000);
    expect((await checkServer(targetOf(cluster, 'app', login('owner')), needs)).dataDirectory).toBeNull();
  });

  it('names a table that the role may not read', async () => {
    await cluster.query('app', 'create table hidden (id int)');
    await expect(checkServer(targetOf(cluster, 'app', login('owner')), needs)).rejects.toMatchObject({
      code: 'DATABASE_RIGHTS',
      message: /may not read public\.hidden/,
    });
  });

  it('names a table of which row level security hides rows', async () => {
    await cluster.query(
      'app',
      'create table hidden (id int); grant select on hidden to owner; alter table hidden enable row level security',
    );
    await expect(checkServer(targetOf(cluster, 'app', login('owner')), needs)).rejects.toMatchObject({
      code: 'DATABASE_RIGHTS',
      message: /row level security hides rows of public\.hidden/,
    });
  });
});

describe('the check before a restore', () => {
  it('passes for a superuser, for an owner who may create databases, and for a database that is gone', async () => {
    await check();
    await check({}, 'owner');
    await checkRestoreRights([targetOf(cluster, 'gone')], needs);
  });

  it('names the roles that the backup needs and the server lacks', async () => {
    await expect(check({ roles: ['owner', 'web', 'Report "x"'] })).rejects.toMatchObject({
      code: 'DATABASE_NOT_READY',
      message: /Report "x", web/,
    });
  });

  it('names the extensions that are not installed, with their version', async () => {
    const extensions = [
      { name: 'plpgsql', version: '1.0' },
      { name: 'no_such_extension', version: '3.3' },
    ];
    await expect(check({ extensions })).rejects.toMatchObject({ message: /no_such_extension 3\.3$/ });
  });

  it('names the extensions that only a superuser may create', async () => {
    const extensions = [
      { name: 'plpgsql', version: '1.0' },
      { name: 'hstore', version: '1.8' },
      { name: 'dblink', version: '1.2' },
    ];
    await check({ extensions });
    await expect(check({ extensions }, 'owner')).rejects.toMatchObject({
      code: 'DATABASE_RIGHTS',
      message: /extensions dblink$/,
    });
  });

  it('refuses a backup of a newer major version', async () => {
    await expect(check({ dumpVersion: 990_001 })).rejects.toMatchObject({
      code: 'VERSION_MISMATCH',
      message: /PostgreSQL 99; PostgreSQL \d+ cannot/,
    });
  });

  it('names the right that the role lacks', async () => {
    await expect(check({}, 'stranger')).rejects.toMatchObject({ message: /create databases/ });
    await expect(check({}, 'maker')).rejects.toMatchObject({ message: /rename app, which belongs to owner/ });
  });

  it('names those whose sessions the role may not end', async () => {
    const session = new pg.Client({ connectionString: cluster.url('app') });
    await session.connect();
    await expect(check({}, 'owner')).rejects.toMatchObject({
      code: 'DATABASE_RIGHTS',
      message: /end the sessions of postgres/,
    });
    await session.end();
  });

  it('names prepared transactions', async () => {
    await cluster.query('app', `begin; create table held (id int); prepare transaction 'old order'`);
    await expect(check()).rejects.toMatchObject({
      code: 'PREPARED_TRANSACTIONS',
      message: /old order \(in app, of postgres\)/,
    });
    await cluster.query('app', `rollback prepared 'old order'`);
  });

  it('names the subscriptions and the replication slots of the live database', async () => {
    await cluster.query(
      'app',
      `create subscription mirror connection 'host=nowhere' publication p with (connect = false, slot_name = none)`,
    );
    await expect(check()).rejects.toMatchObject({ message: /subscription mirror in app/ });
    await cluster.query('app', 'drop subscription mirror');
    await cluster.query('app', `select pg_create_logical_replication_slot('feed', 'pgoutput')`);
    await expect(check()).rejects.toMatchObject({ message: /replication slot feed on app/ });
    await cluster.query('app', `select pg_drop_replication_slot('feed')`);
  });

  it('refuses two databases of one name', async () => {
    const twice = [targetOf(cluster, 'app'), { ...targetOf(cluster, 'app'), name: 'second' }];
    await expect(checkRestoreRights(twice, needs)).rejects.toMatchObject({ message: /both called app/ });
  });
});
