// Restores into the live database, by a role that may not create any, from outside.
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { answerOf, backUp, holdfast, restore, serve } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
await cluster.query('postgres', `create role plain login password '${cluster.password}'`);
const deployments: Record<string, unknown> = {};

/** A database that its role owns; everything in it is that role's. */
const application = async (name: string): Promise<void> => {
  await cluster.query('postgres', `create database ${name} owner plain`);
  await asPlain(
    name,
    `create table documents (id int primary key, title text);
     insert into documents select n, 'document ' || n from generate_series(1, 500) n;
     create view titles as select title from documents;
     select lo_from_bytea(4711, 'a large object')`,
  );
  deployments[name] = {
    database: scenario.database(name, { user: 'plain' }),
    health: { checks: [{ sql: { query: 'select true' } }], within: '10s' },
  };
  await scenario.configure(deployments);
};
const asPlain = (name: string, sql: string) => cluster.query(name, `set role plain; ${sql}`);
const WORK = `delete from documents where id > 100; update documents set title = 'later';
  create table later (id int); select lo_unlink(4711)`;
const live = async (name: string) =>
  (
    await cluster.query(
      name,
      `select count(*)::int as documents, min(title) as title, to_regclass('later') is not null as later,
        (select count(*)::int from pg_largeobject_metadata) as large,
        (select relowner::regrole::text from pg_class where relname = 'documents') as owner
      from documents`,
    )
  )[0];
const OLD = { documents: 500, title: 'document 1', later: false, large: 1, owner: 'plain' };
const WORKED = { documents: 100, title: 'later', later: true, large: 0, owner: 'plain' };

await application('edms');
const up = await serve(scenario);

afterEach(() => expectNothingLeft(scenario));
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const idsOf = async (name: string): Promise<string[]> =>
  (await answerOf<{ backup: string }[]>(scenario, ['list', name])).map(({ backup }) => backup);

it('a role that may not create databases restores in place, and comes back by the safety backup', async () => {
  const backup = await backUp(scenario);
  await asPlain('edms', WORK);
  const swapped = await holdfast(scenario, ['restore', 'edms', backup, '--confirm', 'edms']);
  expect(swapped.stderr).toContain('plain may not create databases');
  const done = await restore(scenario, backup, 'edms', '--in-place');
  expect(await live('edms')).toEqual({ ...OLD, later: true });
  const safety = String(done.safety);
  expect(await idsOf('edms')).toEqual([safety, backup]);
  const undone = await holdfast(scenario, ['undo', 'edms', '--confirm', 'edms']);
  expect(undone.stderr).toContain(`hint: holdfast restore edms ${safety} --in-place`);
  await restore(scenario, safety, 'edms', '--in-place');
  expect(await live('edms')).toMatchObject({ documents: 100, title: 'later', later: true });
  // The newest one that somebody wanted, not the one that a restore made for itself.
  expect(await restore(scenario, 'latest', 'edms', '--in-place')).toMatchObject({ backup });
});

it('another host’s repository takes no safety backup; without one a restore in place goes on', async () => {
  await application('cloned');
  const backup = await backUp(scenario, 'cloned');
  await asPlain('cloned', WORK);
  const owner = join(scenario.repository, 'cloned', 'owner.json');
  const other = { ...JSON.parse(await readFile(owner, 'utf8')), instance: 'f'.repeat(16), host: 'twin' };
  await writeFile(owner, JSON.stringify(other));
  const refused = await holdfast(scenario, [
    ...['restore', 'cloned', backup, '--confirm', 'cloned', '--in-place'],
  ]);
  expect(refused.exit).toBe(4);
  expect(refused.stderr).toContain('the safety backup cannot be made: owner.json in repository local says');
  expect(refused.stderr).toContain('host twin');
  expect(await live('cloned')).toEqual(WORKED);
  await restore(scenario, backup, 'cloned', '--in-place', '--without-safety-backup');
  expect(await live('cloned')).toEqual({ ...OLD, later: true });
});

it('a repository that has lost its backups takes no safety backup, and is not begun anew by one', async () => {
  await application('lost');
  await scenario.configure(deployments, {
    repositories: { local: { local: scenario.repository }, far: { local: scenario.path('far') } },
  });
  const backup = await backUp(scenario, 'lost');
  expect(await holdfast(scenario, ['copy', 'lost'])).toMatchObject({ exit: 0 });
  expect(await idsOf('lost')).toEqual([backup]);
  await rename(join(scenario.repository, 'lost'), scenario.path('unmounted'));
  const { exit, stderr } = await holdfast(scenario, [
    ...['restore', 'lost', backup, '--repository', 'far', '--confirm', 'lost', '--in-place'],
  ]);
  expect(exit).toBe(1);
  expect(stderr).toMatch(
    /the safety backup cannot be made: repository local at .* holds nothing of lost any more/,
  );
  expect(stderr).toContain('--without-safety-backup');
  expect(await readdir(join(scenario.repository, 'lost')).catch(() => [])).not.toContain('owner.json');
  await restore(scenario, backup, 'lost', '--repository', 'far', '--in-place', '--without-safety-backup');
});

it('what fails in the middle has changed nothing, and the safety backup stays', async () => {
  await application('broken');
  const backup = await backUp(scenario, 'broken');
  await asPlain('broken', `${WORK}; create view in_the_way as select * from documents`);
  const { exit, stderr } = await holdfast(scenario, [
    ...['restore', 'broken', backup, '--confirm', 'broken', '--in-place'],
  ]);
  expect(exit).toBe(6);
  expect(stderr).toContain('nothing was changed; the safety backup');
  expect(stderr).toContain('in_the_way');
  expect(await live('broken')).toEqual(WORKED);
  expect(await idsOf('broken')).toHaveLength(2);
});

it('an application that is ill after it gets back what was there before', async () => {
  await application('ill');
  const backup = await backUp(scenario, 'ill');
  await asPlain('ill', WORK);
  const check = { sql: { query: `select min(title) = 'later' from documents` } };
  Object.assign(deployments.ill as object, { health: { checks: [check], within: '2s' } });
  await scenario.configure(deployments);
  const { exit, stderr } = await holdfast(scenario, [
    ...['restore', 'ill', backup, '--confirm', 'ill', '--in-place'],
  ]);
  expect(exit).toBe(6);
  expect(stderr).toMatch(/database main is as before again, from the safety backup \S+/);
  expect(await live('ill')).toEqual(WORKED);
});

it('without a safety backup the restored data stays, and the command says so', async () => {
  await application('bold');
  const backup = await backUp(scenario, 'bold');
  await asPlain('bold', WORK);
  const check = { sql: { query: `select min(title) = 'later' from documents` } };
  Object.assign(deployments.bold as object, { health: { checks: [check], within: '2s' } });
  await scenario.configure(deployments);
  const { exit, stderr } = await holdfast(scenario, [
    ...['restore', 'bold', backup, '--confirm', 'bold', '--in-place', '--without-safety-backup'],
  ]);
  expect(exit).toBe(7);
  expect(stderr).toContain('no safety backup, as asked');
  expect(stderr).toContain(
    'what was restored stays in database main: there is no safety backup to go back to',
  );
  expect(await live('bold')).toEqual({ ...OLD, later: true });
  expect(await idsOf('bold')).toEqual([backup]);
});
