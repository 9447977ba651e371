import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  closeDatabases,
  type DatabaseSwap,
  databaseSwapState,
  swapDatabases,
  swapDatabasesBack,
} from '../../src/database/swap.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { isStop, notingEffect, stoppingEffect } from '../support/stopping-effect.js';
import { dropAll, propertiesOf, stagedSwap, world } from '../support/swap-fixture.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.query('postgres', 'create role alice; create role "o\'Brien"; create role bob');
});
afterEach(() => dropAll(cluster));
afterAll(() => cluster.stop());

const operation = '00000000aa';
const options = (effect: Effect = runEffect) => ({
  applicationName: 'holdfast:test',
  deployment: 'edms',
  effect,
});
const target = () => targetOf(cluster, 'app');
const swap = (swaps: DatabaseSwap[], effect?: Effect) => swapDatabases(target(), swaps, options(effect));
const back = (swaps: DatabaseSwap[], effect?: Effect) => swapDatabasesBack(target(), swaps, options(effect));
const state = (swaps: DatabaseSwap[]) => databaseSwapState(target(), swaps, options());

describe('a swap of databases', () => {
  it('puts the staged database in the live one’s place and closes the one that it keeps', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    const { closedAt, openAt } = await swap([one]);
    expect(Date.parse(openAt)).toBeGreaterThanOrEqual(Date.parse(closedAt));
    expect(await world(cluster)).toEqual({ app: 'new', [one.outgoing]: null });
    expect((await propertiesOf(targetOf(cluster, one.outgoing))).comment).toBe(one.outgoingComment);
    expect(await state([one])).toBe('new');
  });

  it('carries owner, rights, settings, limit and comment of the live database over', async () => {
    await cluster.query('postgres', 'create database app template template0');
    await cluster.query(
      'postgres',
      `alter database app owner to alice; alter database app connection limit 17;
      revoke all on database app from public; grant connect on database app to bob with grant option;
      grant create on database app to "o'Brien";
      alter database app set search_path to "My Schema", public, "a,b";
      alter database app set work_mem to '17MB'; alter database app set datestyle to 'ISO, DMY';
      alter role bob in database app set search_path to "$user", 'it''s';
      alter role "o'Brien" in database app set role to 'bob';
      comment on database app is 'it''s \\ the "app"'`,
    );
    const before = await propertiesOf(target());
    await cluster.query('postgres', 'drop database app');
    const one = { ...(await stagedSwap(cluster, { live: 'app', operation })), properties: before };
    await swap([one]);
    expect(await propertiesOf(target())).toEqual(before);
    expect(before.settings).toHaveLength(5);
    expect(await cluster.query('app', 'show search_path')).toEqual([
      { search_path: '"My Schema", public, "a,b"' },
    ]);
  });

  it('gives default rights where the live database has them', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    await cluster.query('postgres', `grant create on database ${one.incoming} to bob`);
    await swap([one]);
    expect((await propertiesOf(target())).acl).toBeNull();
  });

  it('works for names of 63 bytes, with quotes, blanks, equals signs and upper case', async () => {
    for (const live of ['x'.repeat(63), 'My "App" = it\'s']) {
      const one = await stagedSwap(cluster, { live, operation });
      await swap([one]);
      expect(await world(cluster)).toEqual({ [live]: 'new', [one.outgoing]: null });
      await back([one]);
      expect(await world(cluster)).toEqual({ [live]: 'old', [one.incoming]: null });
      await dropAll(cluster);
    }
  });

  it('works for the database that is called postgres', async () => {
    await cluster.query('postgres', `create table which as select 'old' as which`);
    const one = await stagedSwap(cluster, { live: 'postgres', operation, without: 'live' });
    const which = async () => (await cluster.query('postgres', 'select which from which'))[0]?.which;
    await swap([one]);
    expect(await which()).toBe('new');
    await back([one]);
    expect(await which()).toBe('old');
    await cluster.query('postgres', 'drop table which');
  });

  it('swaps all databases of a deployment, or none', async () => {
    const first = await stagedSwap(cluster, { live: 'app', operation });
    const second = await stagedSwap(cluster, { live: 'other', operation, index: 1 });
    await swap([first, second]);
    expect(await world(cluster)).toEqual({
      app: 'new',
      other: 'new',
      [first.outgoing]: null,
      [second.outgoing]: null,
    });
    await back([first, second]);
    expect(await world(cluster)).toMatchObject({ app: 'old', other: 'old' });
    await cluster.query('postgres', `comment on database ${second.incoming} is 'somebody else’s'`);
    await expect(swap([first, second])).rejects.toMatchObject({ code: 'OPERATION_LOST' });
    expect(await world(cluster)).toMatchObject({ app: 'old', other: 'old' });
  });

  it('creates a live database that is gone, and takes it away again on the way back', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation, without: 'live' });
    expect(await state([one])).toBe('old');
    await swap([one]);
    expect(await world(cluster)).toEqual({ app: 'new' });
    expect(await state([one])).toBe('new');
    await back([one]);
    expect(await world(cluster)).toEqual({ [one.incoming]: null });
  });

  it('is done once, however often it is asked for', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    await swap([one]);
    const names: string[] = [];
    await swap([one], notingEffect(names));
    expect(names).toEqual([]);
    expect(await world(cluster)).toMatchObject({ app: 'new' });
  });

  it('goes back to exactly what was there, from either state', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    const before = await propertiesOf(target());
    await closeDatabases(target(), [one], options());
    await back([one]);
    expect(await world(cluster)).toEqual({ app: 'old', [one.incoming]: 'new' });
    await swap([one]);
    await back([one]);
    await back([one]);
    expect(await world(cluster)).toEqual({ app: 'old', [one.incoming]: null });
    expect(await propertiesOf(target())).toEqual(before);
    expect((await propertiesOf(targetOf(cluster, one.incoming))).comment).toBe(one.incomingComment);
  });

  it('has nothing to put back once the staged database is dropped', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    await cluster.query('postgres', `drop database ${one.incoming}`);
    await back([one]);
    expect(await world(cluster)).toEqual({ app: 'old' });
    await expect(swap([one])).rejects.toMatchObject({ code: 'OPERATION_LOST', message: /is gone/ });
  });

  it('refuses a late attempt when somebody else has the names now, and says what is where', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    await cluster.query('postgres', 'alter database app rename to mine');
    await cluster.query('postgres', 'create database app');
    await expect(swap([one])).rejects.toMatchObject({ code: 'OPERATION_LOST', message: /mine \(oid \d+\)/ });
    await expect(back([one])).rejects.toMatchObject({ code: 'OPERATION_LOST' });
  });

  it('waits for another attempt’s transaction, and then goes by what it left', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    const [first, second] = await Promise.all([swap([one]), swap([one])]);
    expect(await world(cluster)).toEqual({ app: 'new', [one.outgoing]: null });
    expect([first, second].filter(({ closedAt, openAt }) => closedAt === openAt)).toHaveLength(1);
  });
});

describe('a swap that is interrupted', () => {
  it('changes nothing when its session is killed between the renames and the commit', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    const before = await propertiesOf(target());
    const killed = swap([one], async (name, act) => {
      if (name === 'commit the renamed databases') {
        await cluster.query(
          'postgres',
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'holdfast:test'`,
        );
      }
      return act();
    });
    await expect(killed).rejects.toMatchObject({ code: 'DATABASE_UNREACHABLE', retryable: true });
    expect(await world(cluster)).toEqual({ app: 'old', [one.incoming]: 'new' });
    expect(await propertiesOf(target())).toEqual(before);
    await swap([one]);
    expect(await world(cluster)).toMatchObject({ app: 'new' });
  });

  it('is old or new after a stop before or after any effect, and can then go either way', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    const whole = async (effect: Effect) => {
      await closeDatabases(target(), [one], options(effect));
      await swap([one], effect);
      await back([one], effect);
    };
    const names: string[] = [];
    await whole(notingEffect(names));
    expect(names).toHaveLength(6);
    for (const index of names.keys()) {
      for (const when of ['before', 'after'] as const) {
        for (const forward of [true, false]) {
          await expect(whole(stoppingEffect(index, when))).rejects.toSatisfy(isStop);
          expect(['old', 'new']).toContain(await state([one]));
          if (forward) await swap([one]);
          else await back([one]);
          expect(await world(cluster)).toMatchObject({ app: forward ? 'new' : 'old' });
          await back([one]);
        }
      }
    }
  });

  it('names the prepared transaction that holds the database, and changes nothing', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    await cluster.query('app', `begin; insert into which values ('x'); prepare transaction 'forgotten'`);
    await expect(swap([one])).rejects.toMatchObject({ code: 'PREPARED_TRANSACTIONS', message: /forgotten/ });
    await cluster.query('app', `rollback prepared 'forgotten'`);
    expect(await world(cluster)).toEqual({ app: 'old', [one.incoming]: 'new' });
  });
});

describe('closed databases', () => {
  it('refuse even superusers, have no sessions, and are opened by the way back', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    const ended = cluster.query('app', 'select pg_sleep(60)').catch((error: unknown) => error);
    await closeDatabases(target(), [one], options());
    expect(await ended).toMatchObject({ code: '57P01' });
    await expect(cluster.query('app', 'select 1')).rejects.toMatchObject({ code: '55000' });
    await closeDatabases(target(), [one], options());
    await back([one]);
    await back([one]);
    expect(await world(cluster)).toMatchObject({ app: 'old' });
  });

  it('are opened by the swap', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    await closeDatabases(target(), [one], options());
    await swap([one]);
    expect(await world(cluster)).toEqual({ app: 'new', [one.outgoing]: null });
  });
});
