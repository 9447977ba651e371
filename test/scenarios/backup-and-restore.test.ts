// The main job from outside: what was backed up is live again, whatever happened to it.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { isRoot } from '../support/mounts.js';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { type Application, createApplications } from '../support/scenario-application.js';
import { connectAgainAndAgain } from '../support/scenario-clients.js';
import { answerOf, backUp, restore, serve } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';

const cluster = await startCluster({ settings: { max_connections: '50' } });
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
const plain = await application('plain');
const up = await serve(scenario);
const trees = [...plain.trees];
const mounts: string[] = [];

afterEach(() => expectNothingLeft(scenario, trees));
afterAll(async () => {
  await up.stop();
  for (const path of mounts) execFileSync('umount', [path]);
  await scenario.remove();
  await cluster.stop();
});

const prepared = async (name: string, wanted = {}): Promise<Application> => {
  const made = await application(name, wanted);
  trees.push(...made.trees);
  return made;
};

const drop = (database: string) =>
  cluster.query('postgres', `drop database ${pg.escapeIdentifier(database)} with (force)`);

describe('a restore', () => {
  it('puts a live system back as it was, while its clients lose no more than a moment', async () => {
    const backup = await backUp(scenario, 'plain');
    const before = await plain.live();
    await plain.work();
    expect(await plain.live()).not.toEqual(before);
    const clients = connectAgainAndAgain(cluster, 'plain', 5);
    const answer = await restore(scenario, backup, 'plain');
    const { longestOutageMs, unexpected } = await clients.stop();
    expect(answer).toMatchObject({ deployment: 'plain', backup, outcome: 'restored', trees: ['storage'] });
    expect(await plain.live()).toEqual(before);
    expect(unexpected).toEqual([]);
    expect(longestOutageMs).toBeLessThan(5_000);
  });

  it('brings back a database that was dropped and a tree that was deleted with the folder above it', async () => {
    const app = await prepared('gone');
    const before = await app.live();
    const backup = await backUp(scenario, 'gone');
    await drop('gone');
    await rm(scenario.path('gone'), { recursive: true });
    await restore(scenario, backup, 'gone');
    expect(await app.live()).toEqual(before);
  });

  it('brings back two databases and two trees together', async () => {
    const app = await prepared('several', { databases: ['one', 'two'], trees: ['storage', 'media'] });
    const before = await app.live();
    const backup = await backUp(scenario, 'several');
    await app.work();
    await drop('two');
    await rm(scenario.path('several', 'media'), { recursive: true });
    const answer = await restore(scenario, backup, 'several');
    expect(answer).toMatchObject({ databases: ['main', 'other1'], trees: ['storage', 'media'] });
    expect(await app.live()).toEqual(before);
  });

  it('of one tree leaves the database and the other tree alone', async () => {
    const app = await prepared('tree-only', { trees: ['storage', 'media'] });
    const before = await app.live();
    const backup = await backUp(scenario, 'tree-only');
    await app.work();
    const worked = await app.live();
    await restore(scenario, backup, 'tree-only', '--only', 'files.media');
    const [storage = '', media = ''] = app.trees;
    expect(await app.live()).toEqual({
      databases: worked.databases,
      trees: { [storage]: worked.trees[storage], [media]: before.trees[media] },
    });
  });

  it('of the database alone leaves the files alone', async () => {
    const app = await prepared('database-only');
    const before = await app.live();
    const backup = await backUp(scenario, 'database-only');
    await app.work();
    const worked = await app.live();
    await restore(scenario, backup, 'database-only', '--only', 'database');
    expect(await app.live()).toEqual({ databases: before.databases, trees: worked.trees });
  });

  it('takes a backup of the database alone, and one of the files alone', async () => {
    const app = await prepared('halves');
    const before = await app.live();
    const database = await backUp(scenario, 'halves', '--type', 'database');
    const files = await backUp(scenario, 'halves', '--type', 'files');
    await app.work();
    const worked = await app.live();
    await restore(scenario, database, 'halves');
    expect(await app.live()).toEqual({ databases: before.databases, trees: worked.trees });
    await restore(scenario, files, 'halves');
    expect(await app.live()).toEqual(before);
  });

  it('keeps names of 63 bytes, with quotes and with an equals sign', async () => {
    const databases = [`${'é'.repeat(31)}x`, `a "quoted" 'name' = x\\y`];
    const app = await prepared('odd-names', { databases });
    const before = await app.live();
    expect(before.databases[databases[0] ?? '']).not.toBe('gone');
    const backup = await backUp(scenario, 'odd-names');
    await app.work();
    await drop(databases[1] ?? '');
    await restore(scenario, backup, 'odd-names');
    expect(await app.live()).toEqual(before);
  });

  it('keeps a sparse file sparse', async () => {
    const file = join(plain.trees[0] ?? '', 'sparse');
    const before = await stat(file);
    await restore(scenario, await backUp(scenario, 'plain'), 'plain', '--only', 'files');
    const after = await stat(file);
    expect(after.ino).not.toBe(before.ino);
    expect({ size: after.size, blocks: after.blocks < 1000 }).toEqual({ size: 5_000_000, blocks: true });
  });

  it('keeps the owner, rights, settings and comment of a database that was there', async () => {
    const properties = () =>
      cluster.query(
        'postgres',
        `select pg_get_userbyid(datdba) as owner, datacl::text, datconnlimit, datallowconn, setconfig,
          shobj_description(d.oid, 'pg_database') as comment
          from pg_database d left join pg_db_role_setting on setdatabase = d.oid where datname = 'plain' order by setrole`,
      );
    const backup = await backUp(scenario, 'plain');
    await cluster.query(
      'postgres',
      `comment on database plain is 'said later'; alter database plain set jit = off`,
    );
    const before = await properties();
    expect(before).toMatchObject([{ owner: 'app_owner', comment: 'said later', datallowconn: true }, {}]);
    await restore(scenario, backup, 'plain');
    expect(await properties()).toEqual(before);
  });
});

describe.runIf(isRoot || process.env.CI)('a tree that is a mount point', () => {
  it('is restored in place, and back', async () => {
    const path = scenario.path('mounted', 'storage');
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'holdfast-test', path]);
    mounts.push(path);
    const app = await prepared('mounted');
    const { dev, ino } = await stat(path);
    const live = async () => {
      await utimes(path, 1, 1); // the mount point itself stays, with a time of its own
      return app.live();
    };
    const before = await live();
    const backup = await backUp(scenario, 'mounted');
    await app.work();
    const worked = await live();
    await restore(scenario, backup, 'mounted');
    expect(await live()).toEqual(before);
    await answerOf(scenario, ['undo', 'mounted', '--confirm', 'mounted']);
    expect(await live()).toEqual(worked);
    expect(await stat(path)).toMatchObject({ dev, ino });
  });
});
