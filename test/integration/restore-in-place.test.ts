// A restore in place on a real server, step by step: what is refused beforehand, what one transaction does, and what tells
// whether it has committed.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DatabaseTarget } from '../../src/config/targets.js';
import { dropAllBut, readLiveObjects } from '../../src/database/live-objects.js';
import { checkInPlace } from '../../src/database/preflight-in-place.js';
import { withSnapshot } from '../../src/database/snapshot.js';
import { asFailure, type Failure } from '../../src/domain/failure.js';
import type { DatabaseFacts } from '../../src/domain/manifest.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';

const options = { applicationName: 'holdfast:test' };
const signal = new AbortController().signal;
let cluster: Cluster;
let facts: DatabaseFacts;

/** A role that owns its database and nothing else: it may create no databases. */
const asOwner = (): DatabaseTarget => ({ ...targetOf(cluster, 'app'), user: 'owner', password: 'secret' });
const check = (target = asOwner(), of = facts) => checkInPlace(target, of, options);
const refused = async (target = asOwner(), of = facts): Promise<Failure> =>
  check(target, of).then(
    () => expect.unreachable(),
    (error: unknown) => asFailure(error),
  );
const asSuperuser = (sql: string) => cluster.query('app', sql);
const owned = (sql: string) => cluster.query('app', `set role owner; ${sql}; reset role;`);

beforeAll(async () => {
  cluster = await startCluster({ settings: { max_connections: '10', max_locks_per_transaction: '10' } });
  await cluster.query('postgres', `create role owner login password 'secret'`);
});
afterAll(() => cluster.stop());

beforeEach(async () => {
  await cluster.query('postgres', 'drop database if exists app with (force)');
  await cluster.query('postgres', 'create database app owner owner');
  await owned(
    'create table documents (id int primary key); create schema more; create table more.notes (id int)',
  );
  facts = await withSnapshot(targetOf(cluster, 'app'), { ...options, signal }, (snapshot) =>
    snapshot.facts(),
  );
});

describe('before a restore in place', () => {
  it('an owner that may not create databases is enough', async () => {
    expect(await check()).toEqual({ stay: [], partitions: [] });
  });

  it('tables and partitions that are not in the backup are named', async () => {
    await owned(`create table extra (id int); create table parted (id int) partition by list (id);
      create table part partition of parted default`);
    expect(await check()).toEqual({ stay: ['public.extra'], partitions: ['public.part'] });
  });

  it('a table of another owner is refused, with the grant that helps', async () => {
    await asSuperuser('create table secret (id int)');
    const { code, message, hint } = await refused();
    expect({ code, message }).toEqual({
      code: 'DATABASE_RIGHTS',
      message: 'owner may not drop table public.secret, of postgres',
    });
    expect(hint).toContain('grant "postgres" to "owner"');
  });

  it('a large object of another owner is refused', async () => {
    await asSuperuser(`select lo_from_bytea(7777, 'theirs')`);
    expect((await refused()).message).toContain('large object 7777');
  });

  it('a foreign key from a table that is not in the backup is refused', async () => {
    await owned('create table extra (id int references documents)');
    expect((await refused()).message).toBe(
      'not in the backup, and bound to public.documents, which the backup holds: public.extra',
    );
  });

  it('an heir of a table of the backup is refused', async () => {
    await owned('create table extra () inherits (documents)');
    expect((await refused()).message).toContain('bound to public.documents');
  });

  it('a table in a schema of the backup is refused: the schema is dropped', async () => {
    await owned('create table more.extra (id int)');
    expect((await refused()).message).toBe(
      'not in the backup, and in the schema more, which the backup holds: more.extra',
    );
  });

  it('a schema that the role may not create in is refused', async () => {
    await asSuperuser('alter schema public owner to postgres; revoke create on schema public from public');
    expect((await refused()).hint).toContain('grant create on schema "public" to "owner"');
  });

  it('more large objects than the server can lock are refused, with the setting', async () => {
    const { code, hint } = await refused(asOwner(), { ...facts, largeObjects: 45_000 });
    expect(code).toBe('DATABASE_NOT_READY');
    expect(hint).toMatch(/set max_locks_per_transaction to \d{4} or more \(it is 10\)/);
  });

  it('a prepared transaction is refused', async () => {
    const server = await startCluster({ settings: { max_prepared_transactions: '1' } });
    await server.query('postgres', `create table t (id int)`);
    await server.query('postgres', `begin; insert into t values (1); prepare transaction 'open'`);
    const thrown = await checkInPlace(targetOf(server, 'postgres'), facts, options).catch(asFailure);
    expect(thrown).toMatchObject({ code: 'PREPARED_TRANSACTIONS' });
    await server.stop();
  });
});

const MADE = [
  'schema "new schema"',
  'table "new schema"."T x"',
  'type public.mood',
  'type public.short',
  'view public.seen',
  'materialized view public.kept',
  'function public.twice(integer)',
  'procedure public.nothing()',
  'aggregate public.total(integer)',
  'sequence public.counter',
  'type public.pair',
  'type public.span',
];

describe('what is in the live database', () => {
  const look = () => readLiveObjects(asOwner(), facts.tables, options);

  it('is the same while rows, indexes and other tables change', async () => {
    const { identity } = await look();
    await owned(
      'insert into documents values (1); create index on documents (id); create table other (id int)',
    );
    expect((await look()).identity).toBe(identity);
  });

  it('is another one once a table of the backup was made anew', async () => {
    const { identity } = await look();
    await owned('drop table documents; create table documents (id int primary key)');
    expect((await look()).identity).not.toBe(identity);
  });

  it('is told by large objects where the backup has no table', async () => {
    await owned(`select lo_from_bytea(4711, 'one')`);
    const before = await readLiveObjects(asOwner(), [], options);
    await owned(`select lo_unlink(4711); select lo_from_bytea(4711, 'one')`);
    expect((await readLiveObjects(asOwner(), [], options)).identity).not.toBe(before.identity);
  });

  it('loses exactly what was not there before', async () => {
    await owned(`select lo_from_bytea(4711, 'old')`);
    const before = await look();
    await owned(`create schema "new schema"; create table "new schema"."T x" (id int);
      create type mood as enum ('a'); create domain short as text; create table moods (m mood, s short);
      create view seen as select * from documents; create materialized view kept as select * from documents;
      create function twice(int) returns int language sql as 'select 2 * $1';
      create procedure nothing() language sql as 'select 1';
      create aggregate total(int) (sfunc = int4pl, stype = int);
      create sequence counter; create table numbered (id int generated always as identity, n serial);
      create type pair as (a int, b int);
      create type span as range (subtype = int);
      select lo_from_bytea(4712, 'new')`);
    expect((await look()).names).toEqual(expect.arrayContaining(MADE));
    await dropAllBut(asOwner(), before, options);
    expect(await look()).toEqual(before);
  });
});
