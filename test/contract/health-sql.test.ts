import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { withSession } from '../../src/database/session.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { healthSuite } from './health-suite.js';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.query('postgres', 'create table documents (ready boolean)');
  await cluster.query('postgres', 'insert into documents values (false)');
});
afterAll(() => cluster.stop());

healthSuite('sql', async () => {
  const locker = new pg.Client(cluster.url('postgres'));
  await locker.connect();
  const say = async (ready: boolean) => {
    await cluster.query('postgres', `update documents set ready = ${ready}`);
  };
  return {
    settings: { kind: 'sql', database: 'main', query: 'select ready\n  from documents' },
    query: (_database, sql, signal) =>
      withSession(
        targetOf(cluster, 'postgres'),
        { applicationName: 'holdfast:test', signal },
        async (client) => {
          await client.query('reset search_path');
          return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows[0]?.[0];
        },
      ),
    label: 'select ready from documents (database main)',
    words: { passing: 'gave true', failing: 'gave false instead of true' },
    pass: () => say(true),
    fail: () => say(false),
    hang: async () => {
      await locker.query('begin; lock table documents in access exclusive mode');
    },
    remove: () => locker.end(),
  };
});
