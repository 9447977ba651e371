// One small application to crash operations on: a database, a folder that is swapped and one that is put aside, a repository and
// a state folder of its own.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load.js';
import { createStateFolder } from '../../src/operations/state-folder.js';
import { COMPOSE, DEPLOYMENT, type Look, leftovers, live, sideDatabases } from './crash-look.js';
import { type CrashRepository, plainBackups } from './crash-repository.js';
import { createServices, serviceSettings } from './crash-services.js';
import type { Cluster } from './postgres-cluster.js';

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
  await mkdir(join(folder, 'project'));
  await writeFile(join(folder, 'project', 'compose.yaml'), COMPOSE);
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
    files:
      storage: ${folder}/storage
      project: { path: "${folder}/project", include: [compose.yaml], restore: aside }
${more}`;
  await writeFile(file, yaml, { mode: 0o600 });
  return loadConfig({ file });
};
