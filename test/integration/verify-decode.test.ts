// What `verify --decode` proves, on a real dump and a real archive.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { transferActivities } from '../../src/activities/index.js';
import { parseVerifyRequest } from '../../src/domain/copy-requests.js';
import type { Manifest } from '../../src/domain/manifest.js';
import { asActivity, backUp, dependenciesOf } from '../support/backup-by-hand.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { signAgain } from '../support/sign-again.js';

let cluster: Cluster;
let folder: string;
let stored: string;
let dependencies: Dependencies;
let verify: (input?: object) => Promise<string[]>;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.query('postgres', 'create database edms');
  for (const sql of TABLES) await cluster.query('edms', sql);
  folder = await mkdtemp(join(tmpdir(), 'holdfast-decode-'));
  const storage = join(folder, 'storage');
  await mkdir(join(storage, 'sub\nfolder'), { recursive: true });
  await writeFile(join(storage, 'document ü'), 'a document');
  await writeFile(join(storage, 'sub\nfolder', 'other'), 'x'.repeat(100_000));
  await link(join(storage, 'document ü'), join(storage, 'z hard link'));
  await symlink('document ü', join(storage, 'symbolic link'));
  await writeFile(join(folder, 'password'), cluster.password, { mode: 0o600 });
  const { host, port, user } = cluster;
  const database = { host, port, user, name: 'edms', password: `file:${join(folder, 'password')}` };
  const config = {
    state: join(folder, 'state'),
    repositories: { local: { local: join(folder, 'backups') } },
    deployments: { edms: { database, files: { storage } } },
  };
  await writeFile(join(folder, 'holdfast.yaml'), JSON.stringify(config), { mode: 0o600 });
  dependencies = await dependenciesOf(join(folder, 'holdfast.yaml'));
  const { backup } = await backUp(dependencies, 'edms');
  stored = join(folder, 'backups', 'edms', backup);
  verify = async (input = {}) => {
    const request = { ...parseVerifyRequest({ deployment: 'edms', ...input }), deployment: 'edms' };
    const { verifyBackup } = transferActivities(dependencies);
    return (await asActivity(verifyBackup, { request, backup, repository: 'local' })).problems;
  };
}, 60_000);

afterAll(async () => {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const TABLES = [
  'create table documents as select n, md5(n::text) as title from generate_series(1, 5000) n',
  'create table "An ""odd"" one" (text text)',
  `insert into "An ""odd"" one" values (E'COPY public.documents (n) FROM stdin;\\n\\\\.\\n'), (null), ('')`,
  'create table parts (n int) partition by range (n)',
  'create table parts_low partition of parts for values from (0) to (10)',
  'insert into parts select generate_series(1, 9)',
  'create table nothing ()',
  'insert into nothing default values',
  "select lo_from_bytea(0, 'a large object'), lo_create(0)",
];

/** Changes the manifest, or an artifact and what the manifest says of it, for the time of `act`. */
const changed = async (
  change: (manifest: Manifest) => Promise<void> | void,
  act: () => Promise<void>,
): Promise<void> => {
  const path = join(stored, 'manifest.json');
  const before = await readFile(path);
  const manifest: Manifest = JSON.parse(before.toString('utf8'));
  await change(manifest);
  await writeFile(path, JSON.stringify(manifest));
  await signAgain(stored, dependencies.state);
  await act();
  await writeFile(path, before);
  await signAgain(stored, dependencies.state);
};

it('a dump and an archive that are as the manifest says have no problem', async () => {
  expect(await verify({ decode: true })).toEqual([]);
});

it('a table with other rows than the manifest counts is named', async () => {
  const tamper = ({ databases }: Manifest) => {
    for (const table of databases[0]?.tables ?? []) if (table.name === 'documents') table.rows = 4999;
  };
  await changed(tamper, async () => {
    expect(await verify()).toEqual([]);
    expect(await verify({ decode: true })).toEqual([
      'database.main.dump.zst is not what was backed up: "public"."documents" has 5000 rows instead of 4999',
    ]);
  });
});

it('a tree with another digest is named', async () => {
  const tamper = ({ trees: [tree] }: Manifest) => {
    if (tree !== undefined) tree.digest = '0'.repeat(64);
  };
  await changed(tamper, async () => {
    expect(await verify({ decode: true })).toEqual([
      expect.stringMatching(/^files storage are not what was backed up: 3 files/),
    ]);
  });
});

it.each(['database.main.dump.zst', 'files.storage.tar.zst'])(
  'a stump of %s is found although its checksum is right',
  async (name) => {
    const path = join(stored, name);
    const whole = await readFile(path);
    const raw = execFileSync('zstd', ['-dcq', path], { maxBuffer: 1 << 28 });
    const stump = execFileSync('zstd', ['-cq'], { input: raw.subarray(0, Math.floor(raw.length * 0.7)) });
    await writeFile(path, stump);
    const tamper = ({ artifacts }: Manifest) => {
      for (const artifact of artifacts.filter((one) => one.name === name))
        Object.assign(artifact, {
          bytes: stump.length,
          sha256: createHash('sha256').update(stump).digest('hex'),
        });
    };
    await changed(tamper, async () => {
      expect(await verify()).toEqual([]);
      expect(await verify({ decode: true })).toHaveLength(1);
    });
    await writeFile(path, whole);
  },
);
