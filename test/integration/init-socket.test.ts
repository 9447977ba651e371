// What init finds of a PostgreSQL that listens at a socket of this host, for a user who may look into it and for one who may not.
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { socketCandidates } from '../../src/operations/init/socket-candidate.js';
import { startCluster } from '../support/postgres-cluster.js';

const cluster = await startCluster();
afterAll(() => cluster.stop());

/** A server may listen in several folders. */
const second = await mkdtemp('/tmp/holdfast-second-');
afterAll(() => rm(second, { recursive: true }));
await symlink(
  join(cluster.socketFolder, `.s.PGSQL.${cluster.port}`),
  join(second, `.s.PGSQL.${cluster.port}`),
);

const found = async () =>
  (await socketCandidates([cluster.socketFolder, second, '/nowhere'])).map(({ kind, database }) => ({
    kind,
    database,
  }));

const { socketFolder: host, port } = cluster;

it('the place is known, once, and database and role are left to be filled in, where a password is asked for', async () => {
  const database = { kind: 'parts', host, port, name: null, user: null, password: 'none' };
  expect(await found()).toEqual([{ kind: 'socket', database }]);
});

it('every database is offered once, and neither templates nor what a restore made beside, to a role of the same name', async () => {
  const user = userInfo().username;
  for (const name of ['shop', 'blog', 'holdfast_0123456789_new'])
    await cluster.query('postgres', `create database ${name}`);
  if (user !== cluster.user) await cluster.query('postgres', `create role "${user}" login superuser`);
  const [{ hba_file: hba } = { hba_file: '' }] = await cluster.query('postgres', 'show hba_file');
  await writeFile(String(hba), 'local all all trust\nhost all all all scram-sha-256\n');
  await cluster.query('postgres', 'select pg_reload_conf()');
  const database = { kind: 'parts', host, port, user, password: 'none' };
  const wanted = ['blog', 'shop'].map((name) => ({ kind: 'socket', database: { ...database, name } }));
  await vi.waitFor(async () => expect(await found()).toEqual(wanted), { timeout: 60_000 });
});
