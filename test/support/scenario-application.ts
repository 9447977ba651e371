// A small application to protect: databases and trees with everything that a copy can lose.
import { execFileSync } from 'node:child_process';
import { linkSync } from 'node:fs';
import { chmod, chown, mkdir, open, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { isRoot } from './mounts.js';
import type { Cluster } from './postgres-cluster.js';
import type { Scenario } from './scenario.js';
import { type Live, live } from './scenario-live.js';

export interface Application {
  deployment: string;
  /** Names on the server. */
  databases: string[];
  /** Absolute paths. */
  trees: string[];
  live(): Promise<Live>;
  /** People go on working: rows and files are changed, added and removed. */
  work(): Promise<void>;
}

interface Wanted {
  /** Names on the server; by default one that is called as the deployment. */
  databases?: readonly string[];
  /** Names of trees; by default `storage`. */
  trees?: readonly string[];
  /** More of the deployment's settings. */
  settings?: Record<string, unknown>;
}

/** Protects applications one by one: each is a deployment of its own in the scenario's holdfast.yaml. */
export const createApplications = async (scenario: Scenario, top: Record<string, unknown> = {}) => {
  await createSeed(scenario.cluster);
  const deployments: Record<string, unknown> = {};
  return async (deployment: string, wanted: Wanted = {}): Promise<Application> => {
    const databases = [...(wanted.databases ?? [deployment])];
    const names = [...(wanted.trees ?? ['storage'])];
    const trees = names.map((name) => scenario.path(deployment, name));
    for (const database of databases) await createDatabase(scenario.cluster, database);
    for (const tree of trees) await createTree(tree);
    deployments[deployment] = {
      databases: named(databases, (database, index) => [
        index === 0 ? 'main' : `other${index}`,
        scenario.database(database),
      ]),
      files: named(trees, (tree, index) => [names[index] ?? '', tree]),
      ...wanted.settings,
    };
    await scenario.configure(deployments, top);
    const what = { databases, trees };
    return {
      deployment,
      ...what,
      live: () => live(scenario.cluster, what),
      work: async () => {
        for (const database of databases) await scenario.cluster.query(database, WORK);
        for (const tree of trees) await workOn(tree);
      },
    };
  };
};

const named = (all: readonly string[], entry: (one: string, index: number) => [string, unknown]) =>
  Object.fromEntries(all.map(entry));

const SEED = `
  create table documents (id serial primary key, title text not null, body bytea);
  insert into documents (title, body) select 'document ' || n, decode(repeat(md5(n::text), 40), 'hex') from generate_series(1, 3000) n;
  create index on documents (title);
  create table "Odd ""Table""" (value numeric, at timestamptz default '2026-01-01');
  insert into "Odd ""Table""" select n / 7.0 from generate_series(1, 100) n;
  create materialized view titles as select title from documents where id % 10 = 0;
  create schema private authorization app_owner;
  create table private.secrets (n int); alter table private.secrets owner to app_owner;
  grant select on documents to app_reader;
  select lo_from_bytea(0, 'a large object');`;

export const createSeed = async (cluster: Cluster): Promise<void> => {
  await cluster.query('postgres', 'create role app_owner login; create role app_reader login');
  await cluster.query('postgres', 'create database seed');
  await cluster.query('seed', SEED);
};

/** With an owner, rights, settings and a comment that belong to the database itself. */
export const createDatabase = async (cluster: Cluster, database: string): Promise<void> => {
  const name = pg.escapeIdentifier(database);
  await cluster.query('postgres', `create database ${name} template seed owner app_owner`);
  await cluster.query(
    'postgres',
    `revoke connect on database ${name} from public; grant connect on database ${name} to app_reader;
     alter database ${name} set work_mem = '7MB'; alter role app_reader in database ${name} set statement_timeout = '1min';
     alter database ${name} connection limit 50; comment on database ${name} is 'the documents of "everybody"'`,
  );
};

const WORK = `
  insert into documents (title) select 'written later ' || n from generate_series(1, 10) n;
  delete from documents where id <= 5;
  update documents set title = 'renamed' where id = 10;`;

const createTree = async (tree: string): Promise<void> => {
  await mkdir(join(tree, 'inner', 'empty'), { recursive: true });
  for (let n = 0; n < 200; n += 1) await writeFile(join(tree, 'inner', `document ${n}`), `document ${n}`);
  const odd = ['with\nnewline', '-rf', ' spaces ', `quote'"\\`, 'ünïcödé', 'x'.repeat(255)];
  for (const name of odd) await writeFile(join(tree, name), name);
  await writeFile(Buffer.concat([Buffer.from(`${tree}/`), Buffer.from([0xff, 0xfe, 0x41])]), 'not UTF-8');
  await symlink('inner/document 1', join(tree, 'link'));
  await symlink('/nowhere/at all', join(tree, 'dangling'));
  linkSync(join(tree, 'inner', 'document 2'), join(tree, 'second name'));
  const sparse = await open(join(tree, 'sparse'), 'w');
  await sparse.truncate(5_000_000);
  await sparse.write('an island', 2_000_000);
  await sparse.close();
  giveAttributes(tree);
  await chmod(join(tree, 'inner'), 0o2750);
  await chmod(join(tree, '-rf'), 0o4711);
  if (isRoot) await chown(join(tree, 'inner', 'document 3'), 12_345, 54_321);
  await utimes(join(tree, 'inner', 'document 4'), 1, 1_000_000_000.5);
  await chmod(tree, 0o751);
};

/** An extended attribute and an access list, put there by GNU tar alone. */
const giveAttributes = (tree: string): void => {
  if (process.platform !== 'linux') return;
  const pax =
    '--pax-option=SCHILY.xattr.user.colour:=blue,SCHILY.acl.access:=user::rw-\nuser:12345:r--\ngroup::r--\nmask::r--\nother::---\n';
  const from = ['--create', '--format=posix', pax, `--directory=${tree}/inner`, 'document 5', 'document 6'];
  const to = ['--extract', '--xattrs', '--acls', '--overwrite', `--directory=${tree}/inner`];
  execFileSync('tar', to, { input: execFileSync('tar', from) });
};

const workOn = async (tree: string): Promise<void> => {
  await writeFile(join(tree, 'inner', 'document 7'), 'written again');
  await writeFile(join(tree, 'inner', 'a new one'), 'new');
  for (const name of ['link', 'second name']) await rm(join(tree, name), { force: true });
  await chmod(join(tree, 'inner', 'document 8'), 0o600);
};
