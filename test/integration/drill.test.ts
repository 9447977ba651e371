// A drill of a real database and real files: what is the same passes whatever it is made of, and what is not is named.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Dependencies } from '../../src/activities/dependencies.js';
import { quickActivities } from '../../src/activities/index.js';
import { requireAssertion } from '../../src/database/assertion.js';
import { checkDrillServer } from '../../src/database/preflight-drill.js';
import { type DatabaseFacts, manifestSchema } from '../../src/domain/manifest.js';
import { sideDatabaseName } from '../../src/domain/names.js';
import type { DrillPlan } from '../../src/domain/plans.js';
import { readNoted } from '../../src/operations/log/log-chain.js';
import { readRecord } from '../../src/operations/record.js';
import { settleAll } from '../../src/operations/settle-all.js';
import { ageKey } from '../support/age-keys.js';
import { asActivity, backUp, dependenciesOf } from '../support/backup-by-hand.js';
import { targetOf } from '../support/database-target.js';
import { drillByHand, planDrillByHand } from '../support/drill-by-hand.js';
import { isRoot } from '../support/mounts.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { RICH_ROLES, RICH_SCHEMA, RICH_SETTINGS } from '../support/rich-schema.js';
import { smallDisk } from '../support/scenario-hosts.js';

let cluster: Cluster;
let second: Cluster;
let folder: string;
let dependencies: Dependencies;

const password = (name: string) => join(folder, `password-${name}`);
const place = ({ host, port, user }: Cluster) => ({ host, port, user });

/** A holdfast.yaml with that `drill:`, from the next activity on. */
const configure = async (
  drill: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
): Promise<void> => {
  const database = { ...place(cluster), name: 'edms', password: `file:${password('live')}` };
  const config = {
    state: join(folder, 'state'),
    repositories: { local: { local: join(folder, 'backups') } },
    deployments: { edms: { database, files: { storage: join(folder, 'storage') }, drill } },
    ...more,
  };
  await writeFile(join(folder, 'holdfast.yaml'), JSON.stringify(config), { mode: 0o600 });
};

const onSecond = () => ({ server: { ...place(second), password: `file:${password('second')}` } });

beforeAll(async () => {
  [cluster, second] = await Promise.all([
    startCluster({ settings: { wal_level: 'logical' } }),
    startCluster({ superuser: 'driller' }),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'holdfast-drill-'));
  await writeFile(password('live'), cluster.password, { mode: 0o600 });
  await writeFile(password('second'), second.password, { mode: 0o600 });
  await cluster.query('postgres', RICH_ROLES);
  await cluster.query('postgres', 'create database edms');
  for (const sql of RICH_SETTINGS('edms').split(';')) await cluster.query('edms', sql);
  for (const sql of RICH_SCHEMA) await cluster.query('edms', sql);
  await mkdir(join(folder, 'storage', 'inner'), { recursive: true });
  for (let n = 0; n < 20; n += 1) await writeFile(join(folder, 'storage', 'inner', `${n}`), `file ${n}`);
  await configure();
  dependencies = await dependenciesOf(join(folder, 'holdfast.yaml'));
  await backUp(dependencies, 'edms');
}, 90_000);

afterAll(async () => {
  await cluster.stop();
  await second.stop();
  await rm(folder, { recursive: true, force: true });
});

const sideDatabases = async (on: Cluster): Promise<unknown[]> =>
  on.query('postgres', `select datname from pg_database where datname like 'holdfast%'`);

const expectNothingLeft = async (): Promise<void> => {
  expect(await sideDatabases(cluster)).toEqual([]);
  expect(await sideDatabases(second)).toEqual([]);
  expect(await readdir(join(folder, 'state', 'drill'))).toEqual([]);
  expect(await readdir(join(folder, 'state', 'runs'))).toEqual([]);
  expect(await readRecord(join(folder, 'state'), 'edms')).toBeNull();
};

describe('what is restored as it was backed up', () => {
  it('is the same whatever it is made of', async () => {
    await configure({
      assertions: [
        'select count(*) = 700 from documents',
        "select current_setting('search_path') like 'sales%' from orders limit 1",
      ],
    });
    const proof = await drillByHand(dependencies, 'edms');
    expect(proof).toMatchObject({ assertions: 2, notes: [] });
    expect(proof.objects).toBeGreaterThan(90);
    expect(proof.tables).toBeGreaterThan(9);
    await expectNothingLeft();
  });

  it('has statistics for the planner, which a dump has none of', async () => {
    await configure();
    const looked: unknown[] = [];
    await drillByHand(dependencies, 'edms', async ({ operation }) => {
      const sql = "select count(*) > 0 as known from pg_stats where tablename = 'documents'";
      looked.push(...(await cluster.query(sideDatabaseName(operation, 'new', 0), sql)));
    });
    expect(looked).toEqual([{ known: true }]);
  });

  it('is the same on a second server without its roles, where owners and rights are left out and this is said', async () => {
    await second.query('postgres', 'create role tenant');
    await configure(onSecond());
    const proof = await drillByHand(dependencies, 'edms', async () => {
      expect(await sideDatabases(cluster)).toEqual([]);
      expect(await sideDatabases(second)).toHaveLength(1);
    });
    expect(proof.notes).toEqual([
      'owners and rights were not restored: the drill’s server lacks the roles odd owner, postgres, reader',
    ]);
    await expectNothingLeft();
  });
});

/** Of a drill in which that was done to what was restored. Nothing of it is left. */
const failureWith = async (tamper: (plan: DrillPlan) => Promise<void>): Promise<unknown> => {
  const failed = drillByHand(dependencies, 'edms', tamper);
  const failure = await failed.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  await expectNothingLeft();
  return failure;
};

const CHANGES = [
  ['alter table documents replica identity default', 'table public.documents: line'],
  ["insert into names values ('new')", 'rows of public.names: not the same'],
  ['truncate sales.orders_eu', 'rows of sales.orders_eu: not the same'],
  ['insert into "Odd ""name; Type: TABLE" values (2)', 'rows of public.Odd "name; Type: TABLE: not the same'],
  ["select setval('documents_id_seq', 1)", 'sequence set public.documents_id_seq: '],
  ['drop index documents_lower_id_idx', 'index public.documents_lower_id_idx: not there after the restore'],
  ['create table more (a int)', 'table public.more: not in the backup'],
  ["select lo_put(min(oid), 0, 'other') from pg_largeobject_metadata", 'blobs BLOBS: not the same'],
  [
    'create or replace function add(a text) returns text language sql immutable as $$select a || a$$',
    'function public.add(text): line',
  ],
  ['alter view shown owner to reader', 'view public.shown: line'],
  ['revoke select on sales.orders from reader cascade', 'acl sales.TABLE orders: '],
  [
    'alter table folders drop constraint late, add constraint late check (id > 1) not valid',
    'check constraint public.folders late: line',
  ],
] as const;

it('what was changed after it was restored is named, the rows of a table among it', async () => {
  await configure();
  const failure = await failureWith(async ({ operation }) => {
    for (const [sql] of CHANGES) await cluster.query(sideDatabaseName(operation, 'new'), sql);
  });
  expect(failure).toMatchObject({
    type: 'NOT_IDENTICAL',
    message: expect.stringMatching(/^database main is not what was backed up: \w+ /),
  });
  const evidence = String(Reflect.get(Object(Reflect.get(Object(failure), 'details')[0]), 'evidence'));
  const missed = CHANGES.filter(([, words]) => !evidence.split('\n').some((line) => line.startsWith(words)));
  expect({ missed, evidence }).toEqual({ missed: [], evidence });
});

it('the backup’s dump is read while it is restored, and again where nobody kept what it says', async () => {
  await configure();
  const scratch = (plan: DrillPlan) => join(folder, 'state', 'runs', plan.operation);
  const digests = async (plan: DrillPlan) =>
    (await readdir(scratch(plan))).filter((name) => name.startsWith('dump-'));
  const kept = await drillByHand(dependencies, 'edms', async (plan) => {
    expect(await digests(plan)).toEqual(['dump-main.jsonl']);
  });
  const again = await drillByHand(dependencies, 'edms', (plan) => rm(join(scratch(plan), 'dump-main.jsonl')));
  expect(again).toEqual(kept);
  await expectNothingLeft();
});

it('a row that is gone is named by its table', async () => {
  await configure();
  const failure = await failureWith(async ({ operation }) => {
    await cluster.query(sideDatabaseName(operation, 'new'), 'delete from sales.orders where id = 2');
  });
  expect(failure).toMatchObject({
    type: 'NOT_IDENTICAL',
    message: 'database main is not what was backed up: rows of sales.orders_eu: not the same',
  });
});

it('an assertion that does not hold fails the drill, and nothing is left', async () => {
  await configure({ assertions: ['select true', 'select count(*) = 1 from documents'] });
  expect(await failureWith(async () => undefined)).toMatchObject({
    type: 'ASSERTION_FAILED',
    message: 'the assertion “select count(*) = 1 from documents” gave false instead of true',
  });
});

describe('an assertion', () => {
  const asked = (query: string, timeoutMs = 60_000) => {
    const signal = new AbortController().signal;
    return requireAssertion(targetOf(cluster, 'edms'), {
      query,
      settings: [],
      timeoutMs,
      applicationName: 'test',
      signal,
    });
  };

  it('holds when it gives one true value', async () => {
    await asked('select count(*) = 700 from public.documents');
    await asked(' select true; ');
  });

  it.each([
    ['select count(*) from documents', 'gave "700" instead of true'],
    ['select null::boolean', 'gave null instead of true'],
    ['select true from documents', 'gave 700 rows of 1 columns instead of one value'],
    ['select true, true', 'gave 1 rows of 2 columns instead of one value'],
    ['select true where false', 'gave 0 rows of 1 columns instead of one value'],
    ['select 1 / 0 = 1', 'failed: division by zero'],
    ['select true from nowhere', 'failed: relation "nowhere" does not exist'],
    [
      "insert into documents (title) values ('x') returning true",
      'failed: cannot execute INSERT in a read-only transaction',
    ],
    ['select true; drop table names', 'failed: cannot insert multiple commands into a prepared statement'],
    ['set transaction read write', 'gave 0 rows of 0 columns instead of one value'],
  ])('is named with what it gave: %s', async (query, words) => {
    await expect(asked(query)).rejects.toMatchObject({
      code: 'ASSERTION_FAILED',
      message: `the assertion “${query}” ${words}`,
    });
  });

  it('has a time limit', async () => {
    await expect(asked('select pg_sleep(60) is null', 50)).rejects.toMatchObject({
      message:
        'the assertion “select pg_sleep(60) is null” failed: canceling statement due to statement timeout',
    });
  });
});

it('a second server that goes away in the middle keeps nothing waiting: it is cleared once it is back', async () => {
  const place = await mkdtemp(join(tmpdir(), 'holdfast-pg-'));
  const before = await startCluster({ folder: place });
  await before.query('postgres', 'create role tenant');
  const { host, port, user } = before;
  await writeFile(password('third'), before.password, { mode: 0o600 });
  await configure({ server: { host, port, user, password: `file:${password('third')}` } });
  const failed = drillByHand(dependencies, 'edms', () => before.stop());
  await expect(failed).rejects.toMatchObject({ type: 'DATABASE_UNREACHABLE' });
  expect(await readRecord(join(folder, 'state'), 'edms')).toBeNull();
  const said: string[] = [];
  const options = { runState: async () => 'closed' as const, say: (line: string) => said.push(line) };
  const settle = () => settleAll(dependencies, { ...options, now: () => new Date() });
  await settle();
  expect(said).toEqual([
    expect.stringMatching(/^drill: not settled, tried again in a minute: no connection to /),
  ]);
  const third = await startCluster({ folder: place, port });
  try {
    expect(await sideDatabases(third)).toHaveLength(1);
    await settle();
    expect(await sideDatabases(third)).toEqual([]);
    expect(said.at(-1)).toBe('drill: what a drill of edms had left on its server is dropped');
  } finally {
    await third.stop();
    await rm(place, { recursive: true, force: true });
  }
  await expectNothingLeft();
});

it('one that could not be planned is noted once in the log, unless somebody misspelt the backup', async () => {
  await configure();
  const { noteUnplannedDrill } = quickActivities(dependencies);
  const note = (backup: string, code: string, deployment = 'edms') => {
    const request = { deployment, backup, repository: null, allowUnsigned: false };
    const run = { workflowId: 'holdfast.edms.drill', firstRunId: `run ${backup}` };
    return asActivity(noteUnplannedDrill, { request, run, reason: 'no connection', code });
  };
  const failed = async () =>
    (await readNoted(join(folder, 'state'), 'edms')).filter(({ facts }) => facts.reason === 'no connection');
  await note('20260101T000000Z-full-0000', 'UNKNOWN_BACKUP');
  await expect(note('latest', 'UNKNOWN_BACKUP', 'emds')).rejects.toMatchObject({
    type: 'UNKNOWN_DEPLOYMENT',
  });
  expect(await failed()).toEqual([]);
  await note('latest', 'DATABASE_UNREACHABLE');
  await note('latest', 'DATABASE_UNREACHABLE');
  const [noted, ...others] = await failed();
  expect(others).toEqual([]);
  expect(noted).toMatchObject({
    ...{ deployment: 'edms', kind: 'drill', backup: '', outcome: 'failed' },
    facts: { reason: 'no connection', code: 'DATABASE_UNREACHABLE' },
  });
});

it('a file that is not what was stored ends it before anything is restored', async () => {
  await configure();
  const [backup = ''] = (await readdir(join(folder, 'backups', 'edms'))).filter((name) => /^2/.test(name));
  const stored = join(folder, 'backups', 'edms', backup, 'files.storage.tar.zst');
  const whole = await readFile(stored);
  await writeFile(stored, Buffer.concat([whole.subarray(0, -1), Buffer.from([0])]));
  expect(await failureWith(async () => undefined)).toMatchObject({
    type: 'CORRUPT_ARTIFACT',
    message: expect.stringMatching(/^files\.storage\.tar\.zst in repository local is damaged/),
  });
  await writeFile(stored, whole);
});

it.runIf(isRoot)(
  'a disk on which too little would stay free is refused, and nothing is touched',
  async () => {
    await configure();
    const place = join(folder, 'state', 'drill');
    const unmount = smallDisk(place, 1);
    try {
      await writeFile(join(place, 'ballast'), Buffer.alloc(840_000));
      await expect(planDrillByHand(dependencies, 'edms')).rejects.toMatchObject({
        type: 'DISK_FULL',
        message: expect.stringMatching(
          /^too little room for a drill on the disk of .*state\/drill: it takes 0\.0 MB \(files storage 0\.0 MB\), which would leave 1\d % of it free; 20 % have to stay free$/,
        ),
      });
      await rm(join(place, 'ballast'));
      expect(await planDrillByHand(dependencies, 'edms')).toMatchObject({ trees: ['storage'] });
    } finally {
      unmount();
    }
    await expectNothingLeft();
  },
);

describe('a server that cannot take it is told beforehand', () => {
  const looked = async (change: Partial<DatabaseFacts>, elsewhere = true) => {
    const [backup = ''] = (await readdir(join(folder, 'backups', 'edms'))).filter((name) => /^2/.test(name));
    const text = await readFile(join(folder, 'backups', 'edms', backup, 'manifest.json'), 'utf8');
    const facts = manifestSchema.parse(JSON.parse(text)).databases.map((one) => ({ ...one, ...change }));
    return checkDrillServer(targetOf(second, ''), { applicationName: 'test', facts, elsewhere });
  };

  it('by an extension, a version or a locale that it lacks', async () => {
    const extensions = [{ name: 'no_such_extension', version: '1.0' }];
    await expect(looked({ extensions })).rejects.toMatchObject({
      code: 'DATABASE_NOT_READY',
      message: 'extensions are not installed on the server: no_such_extension 1.0',
    });
    await expect(looked({ serverVersion: 990_001 })).rejects.toMatchObject({ code: 'VERSION_MISMATCH' });
    await expect(looked({ collate: 'xx_XX.UTF-8' })).rejects.toMatchObject({
      message: 'the server does not know the locale xx_XX.UTF-8 of database main',
    });
  });

  it('and roles are missed only where a restore would need them', async () => {
    expect(await looked({ roles: ['reader', 'driller'] })).toEqual(['reader']);
    await expect(looked({ roles: ['reader'] }, false)).rejects.toMatchObject({ code: 'DATABASE_NOT_READY' });
  });
});

it('an encrypted backup is drilled with its key, and without it this is said beforehand', async () => {
  const { file, recipient } = ageKey(folder, 'key.txt');
  await configure({}, { encryption: { recipients: [recipient], identity: `file:${file}` } });
  await backUp(dependencies, 'edms');
  expect((await planDrillByHand(dependencies, 'edms')).opened).toMatch(/^age1\w+…\w+$/);
  expect((await drillByHand(dependencies, 'edms')).notes).toEqual([]);
  await configure({}, { encryption: { recipients: [recipient] } });
  await expect(planDrillByHand(dependencies, 'edms')).rejects.toMatchObject({ type: 'KEY_MISSING' });
  await expectNothingLeft();
});
