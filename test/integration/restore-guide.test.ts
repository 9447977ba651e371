// RESTORE.md is what is left when holdfast itself is gone: its very commands, typed into sh, on a server that has nothing.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseManifest } from '../../src/catalog/manifest-file.js';
import { compareCounts, countRows } from '../../src/database/side-database.js';
import type { DatabaseFacts, Manifest } from '../../src/domain/manifest.js';
import { summarize } from '../../src/files/digest.js';
import { walk } from '../../src/files/walk.js';
import { ageKey, type Key } from '../support/age-keys.js';
import { backUp, dependenciesOf } from '../support/backup-by-hand.js';
import { targetOf } from '../support/database-target.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { serverPrograms } from '../support/postgres-installation.js';
import { propertiesOf } from '../support/swap-fixture.js';

const run = promisify(execFile);

const ODD = `o'dd "x" = $HOME; --y`;
const LONG = `${'ü'.repeat(31)}y`;
const DATABASES = { plain: 'plain', odd: ODD, long: LONG, icu: '-icu' };

let folder: string;
let source: Cluster;
let fresh: Cluster;
let manifest: Manifest;
let backup: string;
let key: Key;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast guide-'));
  [source, fresh] = await Promise.all([startCluster(), startCluster()]);
  await source.query('postgres', `create role "o'wner" login; create role reader`);
  for (const name of Object.values(DATABASES)) await fill(name);
  await describePlain();
  await fillTree(tree());
  key = ageKey(folder, 'key.txt');
  await linkPrograms();
  await make();
}, 120_000);

/** The backup whose commands are typed. */
const make = async (encryption: object = {}): Promise<void> => {
  const dependencies = await dependenciesOf(await configure(encryption));
  const { backup: id } = await backUp(dependencies, 'edms');
  backup = join(folder, 'backups', 'edms', id);
  manifest = parseManifest(await readFile(join(backup, 'manifest.json')), 'edms', id);
};

afterAll(async () => {
  await Promise.all([source?.stop(), fresh?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

const tree = (): string => join(folder, `it's "the" files`);

const fill = async (name: string): Promise<void> => {
  const locale = name === '-icu' ? `locale_provider icu icu_locale 'de-CH'` : '';
  await source.query(
    'postgres',
    `create database ${quoted(name)} owner "o'wner" template template0 ${locale}`,
  );
  await source.query(
    name,
    `create table documents as select n as id, md5(n::text) as body from generate_series(1, 1000) n;
     alter table documents owner to "o'wner"; grant select on documents to reader;
     create table "Odd ""table""." (x bytea); insert into "Odd ""table""." values ('\\x00ff');
     select lo_from_bytea(0, 'a large object');`,
  );
};

const describePlain = async (): Promise<void> => {
  for (const sql of [
    `alter database plain set search_path to "$user", public, 'a b'`,
    `alter role reader in database plain set work_mem to '8MB'`,
    `comment on database plain is 'it''s :plain \\ "documents"'`,
    'revoke connect on database plain from public',
    'grant connect on database plain to reader',
    'alter database plain connection limit 7',
  ])
    await source.query('postgres', sql);
};

const fillTree = async (path: string): Promise<void> => {
  await mkdir(join(path, 'inner', 'empty'), { recursive: true });
  await chmod(path, 0o750);
  for (const name of ['a', 'with space', 'line\nbreak']) await writeFile(join(path, 'inner', name), name);
  await link(join(path, 'inner', 'a'), join(path, 'second name'));
  await symlink('../nowhere', join(path, 'dangling'));
  await chmod(join(path, 'inner', 'a'), 0o4711);
};

const configure = async (encryption: object): Promise<string> => {
  const { host, port, user, password } = source;
  await writeFile(join(folder, 'password'), password, { mode: 0o600 });
  const databases = Object.fromEntries(
    Object.entries(DATABASES).map(([key, name]) => [
      key,
      { host, port, name, user, password: `file:${folder}/password` },
    ]),
  );
  const config = {
    state: join(folder, 'state'),
    repositories: { local: { local: join(folder, 'backups') } },
    deployments: { edms: { databases, files: { storage: tree() } } },
    ...encryption,
  };
  const file = join(folder, 'holdfast.yaml');
  await writeFile(file, JSON.stringify(config), { mode: 0o600 });
  return file;
};

/** The blocks of RESTORE.md, as they stand. */
const commands = async (): Promise<string[]> => {
  const guide = await readFile(join(backup, 'RESTORE.md'), 'utf8');
  return [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
};

const STOCK = ['sh', 'cat', 'mkdir', 'sha256sum', 'zstd', 'tar', 'age', 'psql', 'createdb', 'pg_restore'];

/** A machine that has these programs and no others: no Node. */
const linkPrograms = async (): Promise<void> => {
  await mkdir(bin());
  const folders = [serverPrograms(), ...(process.env.PATH ?? '').split(delimiter)];
  for (const name of STOCK) {
    const found = folders.map((one) => join(one, name)).find((program) => existsSync(program));
    await symlink(found ?? name, join(bin(), name));
  }
};

const bin = (): string => join(folder, 'bin');

/** As a person at a terminal would: in the backup's folder, with the server named by the usual variables. */
const type = (block: string, identity = key.file) =>
  run(join(bin(), 'sh'), ['-e', '-c', block], {
    cwd: backup,
    env: {
      PATH: bin(),
      HOME: folder,
      LC_ALL: 'C.UTF-8',
      PGHOST: fresh.host,
      PGPORT: String(fresh.port),
      PGUSER: fresh.user,
      PGPASSWORD: fresh.password,
      IDENTITY: identity,
    },
  });

const restoredName = async (facts: DatabaseFacts): Promise<string> => {
  const start = facts.database.slice(0, 10).replaceAll("'", "''");
  const rows = await fresh.query(
    'postgres',
    `select datname from pg_database where starts_with(datname, '${start}') and datname like '%\\_restored'`,
  );
  expect(rows).toHaveLength(1);
  return String(rows[0]?.datname);
};

it('restores databases of any name and files by its own commands, on a server that has nothing', async () => {
  await expect(type('command -v node')).rejects.toThrow();
  const blocks = await commands();
  expect(blocks).toHaveLength(2 + manifest.databases.length + manifest.trees.length);
  for (const block of blocks) await type(block);
  await expectRestored();
});

const expectRestored = async (): Promise<void> => {
  for (const facts of manifest.databases) {
    const name = await restoredName(facts);
    const options = { database: name, applicationName: 'test', signal: new AbortController().signal };
    expect(compareCounts(facts, await countRows(targetOf(fresh, 'postgres'), options))).toEqual([]);
    expect(await propertiesOf(targetOf(fresh, name))).toEqual(facts.properties);
    expect(await contents(fresh, name)).toEqual(await contents(source, facts.database));
  }
  const restored = `${tree()}.restored`;
  expect(summarize(await walk(restored))).toMatchObject({ digest: manifest.trees[0]?.digest });
  expect(await readFile(join(restored, 'inner', 'line\nbreak'), 'utf8')).toBe('line\nbreak');
};

const contents = async (cluster: Cluster, database: string) => [
  await cluster.query(database, 'select md5(string_agg(d::text, chr(10) order by id)) from documents d'),
  await cluster.query(database, 'select * from "Odd ""table""."'),
  await cluster.query(database, 'select convert_from(lo_get(oid), $$UTF8$$) from pg_largeobject_metadata'),
  await cluster.query(
    database,
    `select relname, pg_get_userbyid(relowner) as owner, relacl::text from pg_class where relname = 'documents'`,
  ),
  await cluster.query(
    database,
    `select pg_encoding_to_char(encoding) as encoding, datcollate, datctype, datlocprovider, daticulocale
     from pg_database where datname = current_database()`,
  ),
];

it('refuses a second run over what it has restored, and changes nothing of it', async () => {
  for (const block of (await commands()).slice(2)) await expect(type(block)).rejects.toThrow(/exists/);
});

it('finds a flipped byte in every artifact before anything is restored', async () => {
  const [check = ''] = await commands();
  const names = (await readdir(backup)).filter((name) => name.endsWith('.zst'));
  expect(names).toHaveLength(manifest.artifacts.length);
  for (const name of names) {
    const path = join(backup, name);
    const whole = await readFile(path);
    const flipped = Buffer.from(whole);
    flipped.writeUInt8(whole.readUInt8(whole.length - 9) ^ 1, whole.length - 9);
    await writeFile(path, flipped);
    await expect(type(check)).rejects.toThrow(name);
    await writeFile(path, whole);
  }
  await type(check);
});

it('restores an encrypted backup with age and its key, and nothing with another one', async () => {
  for (const facts of manifest.databases)
    await fresh.query('postgres', `drop database ${quoted(await restoredName(facts))}`);
  await rm(`${tree()}.restored`, { recursive: true });
  await make({ encryption: { recipients: [key.recipient] } });
  expect(await readFile(join(backup, 'RESTORE.md'), 'utf8')).toContain(key.recipient);

  const [intact = '', opens = '', ...others] = await commands();
  expect(others).toHaveLength(1 + manifest.databases.length + manifest.trees.length);
  await type(intact);
  await expect(type(opens, ageKey(folder, 'other.txt').file)).rejects.toThrow(/no identity matched/);
  for (const block of [opens, ...others]) await type(block);
  await expectRestored();
});
