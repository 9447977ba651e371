import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseSwap, swapDatabases, swapDatabasesBack } from '../../src/database/swap.js';
import { runEffect } from '../../src/domain/effect.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { dropAll, propertiesOf, stagedSwap, world } from '../support/swap-fixture.js';

let cluster: Cluster;
const owner = { user: 'owner', password: 'owner' };
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.query('postgres', `create role owner login createdb password 'owner'`);
});
afterEach(() => dropAll(cluster));
afterAll(() => cluster.stop());

const operation = '00000000bb';
const options = { applicationName: 'holdfast:test', deployment: 'edms', effect: runEffect };

/** An application's clients: each works until its connection ends, and comes back five milliseconds later. */
const busyClients = (count: number, databases: readonly string[]) => {
  const answers: { at: number; round: string }[] = [];
  let over = false;
  const client = async () => {
    while (!over) {
      const connections = databases.map(
        (database) => new pg.Client({ connectionString: cluster.url(database) }),
      );
      for (const connection of connections) connection.on('error', () => undefined);
      try {
        for (const connection of connections) await connection.connect();
        while (!over) {
          const found = await Promise.all(
            connections.map((connection) => connection.query('select which from which')),
          );
          answers.push({
            at: performance.now(),
            round: found.map(({ rows }) => String(rows[0]?.which)).join('+'),
          });
          await pause(1);
        }
      } catch {
        await pause(5);
      } finally {
        for (const connection of connections) await connection.end().catch(() => undefined);
      }
    }
  };
  const clients = Promise.all(Array.from({ length: count }, client));
  const seen = async (wanted: string) => {
    const from = answers.length;
    while (!answers.slice(from).some(({ round }) => round === wanted)) await pause(2);
  };
  const stop = async () => {
    over = true;
    await clients;
    return answers;
  };
  return { seen, stop };
};

describe('twenty clients that come back every five milliseconds', () => {
  it('see the old data, a short outage, and then only the new data', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation });
    const clients = busyClients(20, ['app']);
    await clients.seen('old');
    await swapDatabases(targetOf(cluster, 'app'), [one], options);
    await clients.seen('new');
    const answers = await clients.stop();
    const lastOld = Math.max(...answers.filter(({ round }) => round === 'old').map(({ at }) => at));
    const firstNew = Math.min(...answers.filter(({ round }) => round === 'new').map(({ at }) => at));
    expect(firstNew).toBeGreaterThan(lastOld);
    expect(firstNew - lastOld).toBeLessThan(3000);
  });

  it('never see one database new and the other one old', async () => {
    const swaps: DatabaseSwap[] = [];
    for (const [index, live] of ['app', 'other'].entries()) {
      swaps.push(await stagedSwap(cluster, { live, operation, index }));
    }
    const clients = busyClients(10, ['app', 'other']);
    for (const wanted of ['new', 'old', 'new']) {
      const change = wanted === 'new' ? swapDatabases : swapDatabasesBack;
      await change(targetOf(cluster, 'app'), swaps, options);
      await clients.seen(`${wanted}+${wanted}`);
    }
    const answers = await clients.stop();
    expect(new Set(answers.map(({ round }) => round))).toEqual(new Set(['old+old', 'new+new']));
  });
});

describe('an ordinary owner with CREATEDB', () => {
  it('can swap and swap back while it uses the databases itself', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation, owner: 'owner' });
    const target = targetOf(cluster, 'app', owner);
    const session = new pg.Client({ host: cluster.host, port: cluster.port, database: 'app', ...owner });
    const ended = new Promise((resolve) => session.on('error', resolve));
    await session.connect();
    await swapDatabases(target, [one], options);
    expect(await ended).toMatchObject({ code: '57P01' });
    expect(await world(cluster)).toMatchObject({ app: 'new' });
    expect((await propertiesOf(target)).owner).toBe('owner');
    await swapDatabasesBack(target, [one], options);
    expect(await world(cluster)).toMatchObject({ app: 'old' });
  });

  it('is told who is in the way when it may not end their sessions', async () => {
    const one = await stagedSwap(cluster, { live: 'app', operation, owner: 'owner' });
    const session = new pg.Client({ connectionString: cluster.url('app'), application_name: 'psql of root' });
    await session.connect();
    const refused = swapDatabases(targetOf(cluster, 'app', owner), [one], options);
    await expect(refused).rejects.toMatchObject({
      code: 'DATABASE_NOT_READY',
      retryable: true,
      message: /psql of root \(postgres, pid \d+\)/,
    });
    await session.end();
    expect(await world(cluster)).toEqual({ app: 'old', [one.incoming]: 'new' });
  });
});
