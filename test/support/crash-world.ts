// One small application to crash operations on: a database, a folder, a repository and a state folder of its own, and a
// look at what is live and at what was left behind.
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLog } from '../../src/catalog/log.js';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load.js';
import { createStateFolder } from '../../src/operations/state-folder.js';
import { listKept } from '../../src/operations/swap/kept.js';
import { type CrashRepository, plainBackups } from './crash-repository.js';
import { changedServices, createServices, guardsOf, serviceSettings } from './crash-services.js';
import type { Cluster } from './postgres-cluster.js';

export const DEPLOYMENT = 'edms';

export interface CrashWorld {
  folder: string;
  database: string;
  config: Config;
  /** `old`, `new`, `nothing`, or what is wrong: mixed, locked out. */
  live(): Promise<string>;
  /** What nobody answers for any more: side databases, folders, sessions, records, unfinished files, changed services. */
  leftovers(): Promise<string[]>;
  remove(): Promise<void>;
}

/** The database that every world's is a copy of. */
export const createSeed = async (cluster: Cluster): Promise<void> => {
  await cluster.query('postgres', 'create database seed');
  await cluster.query(
    'seed',
    `create table marker (world text);
     insert into marker values ('new');
     create table documents (id int primary key, body text);
     insert into documents select n, repeat(md5(n::text), 20) from generate_series(1, 500) n;
     select lo_from_bytea(0, 'a large object');`,
  );
};

let worlds = 0;

/** @param golden a repository folder with backups of the `new` world; none: it begins empty */
export const createWorld = async (
  cluster: Cluster,
  golden: string | null,
  { services = false, backups = plainBackups }: { services?: boolean; backups?: CrashRepository } = {},
): Promise<CrashWorld> => {
  worlds += 1;
  const database = `world_${worlds}`;
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-crash-'));
  await cluster.query('postgres', `create database ${database} template seed`);
  await mkdir(join(folder, 'storage', 'inner'), { recursive: true });
  await writeFile(join(folder, 'storage', 'marker'), 'new');
  await writeFile(join(folder, 'storage', 'inner', 'document'), 'a document');
  await backups.create(folder);
  if (golden !== null)
    await cp(golden, join(folder, 'backups'), { recursive: true, preserveTimestamps: true });
  if (services) await createServices(folder);
  const more = services ? serviceSettings(folder) : '';
  const trust = await signersOf(golden);
  const config = await configure(cluster, { folder, database, trust, more, backups });
  await createStateFolder(config.state);
  const look = { cluster, folder, database, config, backups };
  return {
    folder,
    database,
    config,
    live: () => live(look),
    leftovers: () => leftovers(look),
    remove: () => remove(look),
  };
};

/** The golden backup was made on another host: its public key lies beside it. */
const signersOf = async (golden: string | null): Promise<string[]> =>
  golden === null ? [] : [await readFile(signerOf(golden), 'utf8')];

export const signerOf = (golden: string): string => `${golden}.signer`;

/** Its databases too: hundreds of worlds would fill the disk. */
const remove = async (look: Look): Promise<void> => {
  for (const name of [look.database, ...(await sideDatabases(look))]) {
    await look.cluster.query('postgres', `drop database if exists ${name} with (force)`);
  }
  await rm(look.folder, { recursive: true, force: true });
};

/** From now on what is live is told from what the golden backup holds. */
export const makeOld = async (cluster: Cluster, { folder, database }: CrashWorld): Promise<void> => {
  await cluster.query(database, `update marker set world = 'old'`);
  await writeFile(join(folder, 'storage', 'marker'), 'old');
};

/** Database and files are gone. */
export const makeNothing = async (cluster: Cluster, { folder, database }: CrashWorld): Promise<void> => {
  await cluster.query('postgres', `drop database ${database} with (force)`);
  await rm(join(folder, 'storage'), { recursive: true });
};

interface Look {
  cluster: Cluster;
  folder: string;
  database: string;
  config: Config;
  backups: CrashRepository;
}

const configure = async (
  cluster: Cluster,
  {
    folder,
    database,
    trust,
    more,
    backups,
  }: Omit<Look, 'cluster' | 'config'> & { trust: readonly string[]; more: string },
): Promise<Config> => {
  await writeFile(join(folder, 'password'), cluster.password, { mode: 0o600 });
  const file = join(folder, 'holdfast.yaml');
  const yaml = `
agent: crash
state: ${folder}/state
trust: ${JSON.stringify(trust)}
repositories: ${JSON.stringify(backups.settings(folder))}
deployments:
  ${DEPLOYMENT}:
    database: { host: ${cluster.host}, port: ${cluster.port}, name: ${database}, user: ${cluster.user}, password: "file:${folder}/password" }
    files: { storage: ${folder}/storage }
${more}`;
  await writeFile(file, yaml, { mode: 0o600 });
  return loadConfig({ file });
};

const live = async ({ cluster, folder, database }: Look): Promise<string> => {
  const inDatabase = await cluster
    .query(database, 'select world from marker')
    .then(([row]) => String(row?.world))
    .catch((error: unknown) =>
      /database .* does not exist/.test(`${error}`) ? 'nothing' : `no answer: ${error}`,
    );
  const inFolder = await readFile(join(folder, 'storage', 'marker'), 'utf8').catch(() => 'nothing');
  return inDatabase === inFolder ? inDatabase : `mixed: database ${inDatabase}, files ${inFolder}`;
};

const leftovers = async (look: Look): Promise<string[]> => {
  const kept = await listKept(look.config.state, DEPLOYMENT);
  const allowed = new Set(
    kept.flatMap(({ databases, trees }) => [
      ...databases.map(({ side }) => side),
      ...trees.map((tree) => tree.folder),
    ]),
  );
  const found = [
    ...(await sideDatabases(look)),
    ...(await sideFolders(look)),
    ...(await stateLeftovers(look)),
    ...(await look.backups.leftovers(look.folder)),
    ...(await logDamage(look)),
    ...(await sessions(look)),
    ...(await changedServices(look.folder)),
    ...(await guardsOf(look.folder)),
  ];
  const missing = [...allowed].filter((one) => !found.includes(one)).map((one) => `kept, but gone: ${one}`);
  return [...found.filter((one) => !allowed.has(one)), ...missing];
};

/** All worlds share the server: a world's own carry its instance in their comment, or the id of one of its operations. */
const sideDatabases = async ({ cluster, config }: Look): Promise<string[]> => {
  const { instance } = JSON.parse(await readFile(join(config.state, 'instance.json'), 'utf8'));
  const rows = await cluster.query(
    'postgres',
    `select datname from pg_database where datname like 'holdfast%' and shobj_description(oid, 'pg_database') like 'holdfast:${instance}:%'`,
  );
  return rows.map(({ datname }) => String(datname));
};

const sideFolders = async ({ folder }: Look): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('.holdfast-')).map((name) => join(folder, name));

const stateLeftovers = async ({ config }: Look): Promise<string[]> => {
  const names = await readdir(config.state, { recursive: true });
  const expected =
    /^(instance\.json|keys(\/signing\.pem)?|log(\/edms(\/(head\.json|noted|outbox))?)?|notify(\/runs(\/[0-9a-f-]{36}\.json)?)?|operations|runs|drill|processes|cache.*|kept|kept\/edms|kept\/edms\/[0-9a-f]{10}\.json)$/;
  return names.filter((name) => !expected.test(name)).map((name) => `state/${name}`);
};

/** Whatever was killed, the log is one chain in which nothing is missing. */
const logDamage = async ({ config }: Look): Promise<string[]> => {
  const { gaps, problems } = await readLog(config, DEPLOYMENT);
  return [...gaps, ...problems];
};

const sessions = async ({ cluster, config }: Look): Promise<string[]> => {
  const { instance } = JSON.parse(await readFile(join(config.state, 'instance.json'), 'utf8'));
  const rows = await cluster.query(
    'postgres',
    `select application_name, query from pg_stat_activity where application_name like 'holdfast:${instance}:%'`,
  );
  return rows.map((row) => `session ${row.application_name}: ${row.query}`);
};
