// What is live in a world that an operation was crashed on, and what nobody answers for any more.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readLog } from '../../src/catalog/log.js';
import type { Config } from '../../src/config/config.js';
import { listKept } from '../../src/operations/swap/kept.js';
import type { CrashRepository } from './crash-repository.js';
import { changedServices, guardsOf } from './crash-services.js';
import type { Cluster } from './postgres-cluster.js';

export const DEPLOYMENT = 'edms';

/** The one file that is stored of the folder that restores put aside. */
export const COMPOSE = 'services: {}\n';

export interface Look {
  cluster: Cluster;
  folder: string;
  database: string;
  config: Config;
  backups: CrashRepository;
}

export const live = async ({ cluster, folder, database }: Look): Promise<string> => {
  const inDatabase = await cluster
    .query(database, 'select world from marker')
    .then(([row]) => String(row?.world))
    .catch((error: unknown) =>
      /database .* does not exist/.test(`${error}`) ? 'nothing' : `no answer: ${error}`,
    );
  const inFolder = await readFile(join(folder, 'storage', 'marker'), 'utf8').catch(() => 'nothing');
  return inDatabase === inFolder ? inDatabase : `mixed: database ${inDatabase}, files ${inFolder}`;
};

export const leftovers = async (look: Look): Promise<string[]> => {
  const kept = await listKept(look.config.state, DEPLOYMENT);
  const allowed = new Set(
    kept.flatMap(({ databases, trees }) => [
      ...databases.map(({ side }) => side),
      ...trees.map((tree) => tree.folder),
    ]),
  );
  const found = [
    ...(await sideDatabases(look)),
    ...(await sideFolders(look.folder)),
    ...(await sideFolders(join(look.folder, 'project'))),
    ...(await halfPutAside(look)),
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
export const sideDatabases = async ({ cluster, config }: Look): Promise<string[]> => {
  const { instance } = JSON.parse(await readFile(join(config.state, 'instance.json'), 'utf8'));
  const rows = await cluster.query(
    'postgres',
    `select datname from pg_database where datname like 'holdfast%' and shobj_description(oid, 'pg_database') like 'holdfast:${instance}:%'`,
  );
  return rows.map(({ datname }) => String(datname));
};

const sideFolders = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.startsWith('.holdfast-')).map((name) => join(folder, name));

/** What was put aside is there as a whole or not at all. */
const halfPutAside = async ({ folder }: Look): Promise<string[]> => {
  const project = join(folder, 'project');
  const aside = (await readdir(project)).filter((name) => name.startsWith('restored-'));
  const found = aside.map((name) => readFile(join(project, name, 'compose.yaml'), 'utf8').catch(() => ''));
  const whole = await Promise.all(found);
  return aside.filter((_, index) => whole[index] !== COMPOSE).map((name) => `half of project/${name}`);
};

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
