import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withSession } from '../../src/database/session.js';
import { endSessions } from '../../src/database/sessions.js';
import { createSideDatabase, dropSideDatabase } from '../../src/database/side-database.js';
import { withSnapshot } from '../../src/database/snapshot.js';
import { runEffect } from '../../src/domain/effect.js';
import type { DatabaseFacts } from '../../src/domain/manifest.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { isStop, notingEffect, stoppingEffect } from '../support/stopping-effect.js';
import { dropAll, oidOf } from '../support/swap-fixture.js';

let cluster: Cluster;
let facts: DatabaseFacts;
const side = { name: 'holdfast_00000000cc_new', comment: `holdfast: it's "ours"` };
const applicationName = 'holdfast:test';
const signal = new AbortController().signal;
const target = () => targetOf(cluster, 'app');
const create = (effect = runEffect) => createSideDatabase(target(), { applicationName, side, facts, effect });
const drop = (ours: { name?: string; comment?: string | null; oid?: number | null } = {}) =>
  dropSideDatabase(target(), { applicationName, ...side, oid: null, effect: runEffect, ...ours });

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.query(
    'postgres',
    `create database app template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'`,
  );
  facts = await withSnapshot(target(), { applicationName, signal }, (snapshot) => snapshot.facts());
  await dropAll(cluster);
});
afterEach(() => dropAll(cluster));
afterAll(() => cluster.stop());

describe('a side database', () => {
  it('has encoding and locale of the one in the backup, is empty, and is marked', async () => {
    const { oid } = await create();
    expect(oid).toBe(await oidOf(cluster, side.name));
    const [row] = await cluster.query(
      side.name,
      `select pg_encoding_to_char(encoding) as encoding, datcollate as collate,
        shobj_description(oid, 'pg_database') as comment from pg_database where oid = ${oid}`,
    );
    expect(row).toEqual({ encoding: 'LATIN1', collate: 'C', comment: side.comment });
  });

  it('keeps an ICU locale', async () => {
    facts = { ...facts, encoding: 'UTF8', localeProvider: 'icu', locale: 'de-CH' };
    await create();
    const signalled = { applicationName, signal };
    const found = await withSnapshot(targetOf(cluster, side.name), signalled, (snapshot) => snapshot.facts());
    expect(found).toMatchObject({ localeProvider: 'icu', locale: 'de-CH', encoding: 'UTF8' });
  });

  it('is made anew when an attempt before left it half filled, with sessions still in it', async () => {
    const first = await create();
    await cluster.query(side.name, 'create table half (id int)');
    const session = new pg.Client({ connectionString: cluster.url(side.name) });
    session.on('error', () => undefined);
    await session.connect();
    const second = await create();
    expect(second.oid).not.toBe(first.oid);
    expect(await cluster.query(side.name, `select from pg_class where relname = 'half'`)).toEqual([]);
  });

  it('can be made again after a stop before or after every effect', async () => {
    await create();
    const names: string[] = [];
    await create(notingEffect(names));
    expect(names).toEqual(['drop the side database', 'create the side database', 'mark the side database']);
    for (const index of names.keys()) {
      for (const when of ['before', 'after'] as const) {
        await expect(create(stoppingEffect(index, when))).rejects.toSatisfy(isStop);
        await create();
      }
    }
    expect(await drop()).toBe('dropped');
    expect(await drop()).toBe('gone');
  });

  it('is dropped only when name, oid and comment agree', async () => {
    const { oid } = await create();
    const refused = { code: 'OPERATION_LOST' };
    await expect(drop({ name: 'postgres' })).rejects.toMatchObject(refused);
    await expect(drop({ name: 'holdfast_00000000CC_new' })).rejects.toMatchObject(refused);
    await expect(drop({ oid: oid + 1 })).rejects.toMatchObject(refused);
    await expect(drop({ comment: 'another restore' })).rejects.toMatchObject(refused);
    await expect(drop({ comment: null })).rejects.toMatchObject(refused);
    expect(await oidOf(cluster, side.name)).toBe(oid);
    expect(await drop({ oid })).toBe('dropped');
  });

  it('is dropped when its maker ended before it was marked, and when it refuses connections', async () => {
    await cluster.query('postgres', `create database ${side.name} template template0`);
    await cluster.query('postgres', `alter database ${side.name} allow_connections false`);
    expect(await drop()).toBe('dropped');
  });

  it('is not taken for ours when somebody else marked it', async () => {
    await cluster.query('postgres', `create database ${side.name} template template0`);
    await cluster.query('postgres', `comment on database ${side.name} is 'mine'`);
    await expect(create()).rejects.toMatchObject({ code: 'OPERATION_LOST', message: /comment/ });
  });
});

describe('ending sessions', () => {
  it('ends all of one name, idle or at work, and no other', async () => {
    const names = ['holdfast:gone', 'holdfast:gone', 'holdfast:stays'];
    const sessions = names.map((application_name) => {
      const client = new pg.Client({ connectionString: cluster.url('postgres'), application_name });
      client.on('error', () => undefined);
      return client;
    });
    for (const session of sessions) await session.connect();
    const working = sessions[1]?.query('select pg_sleep(60)').catch((error: unknown) => error);
    await endSessions(targetOf(cluster, 'postgres'), { applicationName: 'holdfast:gone' });
    const left = await cluster.query(
      'postgres',
      `select application_name as name from pg_stat_activity where application_name like 'holdfast:%'`,
    );
    expect(left).toEqual([{ name: 'holdfast:stays' }]);
    expect(await working).toMatchObject({ code: '57P01' });
    for (const session of sessions) await session.end();
  });

  it('leaves a clear failure in the session that was ended', async () => {
    const ended = withSession(
      targetOf(cluster, 'postgres'),
      { applicationName: 'holdfast:gone' },
      async (client) => {
        await endSessions(targetOf(cluster, 'postgres'), { applicationName: 'holdfast:gone' });
        await client.query('select 1');
      },
    );
    await expect(ended).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: /administrator command/,
    });
  });
});
