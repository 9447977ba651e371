// A role that owns its database and may create others, and nothing more: what most applications connect as.
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSideDatabase, dropSideDatabase } from '../../src/database/side-database.js';
import { withSnapshot } from '../../src/database/snapshot.js';
import { swapDatabases } from '../../src/database/swap.js';
import { closeDatabases } from '../../src/database/swap-doors.js';
import { runEffect } from '../../src/domain/effect.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { dropAll, stagedSwap, world } from '../support/swap-fixture.js';

/** Autovacuum comes at once, and is slow. */
const settings = {
  autovacuum: 'on',
  autovacuum_naptime: '1s',
  autovacuum_vacuum_threshold: '0',
  autovacuum_vacuum_cost_delay: '100ms',
  autovacuum_vacuum_cost_limit: '1',
};
const applicationName = 'holdfast:test';
const side = { name: 'holdfast_00000000cd_new', comment: 'holdfast:test' };

let cluster: Cluster;
const owner = () => targetOf(cluster, 'app', { user: 'owner', password: 'owner' });
beforeAll(async () => {
  cluster = await startCluster({ settings });
  await cluster.query('postgres', `create role owner login createdb password 'owner'`);
});
afterEach(() => dropAll(cluster));
afterAll(() => cluster.stop());

/** Returns once autovacuum is at work in it, with a table that keeps it for many seconds. */
const vacuumed = async (database: string): Promise<void> => {
  await cluster.query(
    database,
    'create table heavy as select generate_series(1, 200000) as id; delete from heavy where id % 2 = 0',
  );
  for (;;) {
    const [found] = await cluster.query(
      database,
      `select from pg_stat_progress_vacuum where datname = current_database() and relid = 'heavy'::regclass`,
    );
    if (found !== undefined) return;
    await pause(50);
  }
};

describe('a role that owns its database and may create others', () => {
  it('makes a side database, and drops it while autovacuum is at work in it', async () => {
    await cluster.query('postgres', 'create database app owner owner template template0');
    const signal = new AbortController().signal;
    const facts = await withSnapshot(owner(), { applicationName, signal }, (snapshot) => snapshot.facts());
    const { oid } = await createSideDatabase(owner(), { applicationName, side, facts, effect: runEffect });
    await vacuumed(side.name);
    const dropped = dropSideDatabase(owner(), { applicationName, ...side, oid, effect: runEffect });
    expect(await dropped).toBe('dropped');
  });

  it('shuts the door of a database in which autovacuum is at work, and swaps it', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation: '00000000cd', owner: 'owner' });
    await vacuumed('app');
    await closeDatabases(owner(), [one], { applicationName, effect: runEffect });
    await swapDatabases(owner(), [one], { applicationName, deployment: 'edms', effect: runEffect });
    expect(await world(cluster)).toMatchObject({ app: 'new' });
  });
});
