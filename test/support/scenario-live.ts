// What is live: everything that a database and a tree hold, each as one digest that is made without holdfast's own code.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { execa } from 'execa';
import type { Cluster } from './postgres-cluster.js';

const run = promisify(execFile);
const DIFFERS_EACH_TIME = /^(-- Dumped |\\restrict |\\unrestrict )/;

/** Of the plain-text dump with owner, rights, settings and comment of the database; `gone` when there is none. */
export const databaseDigest = async (cluster: Cluster, database: string): Promise<string> => {
  const { host, port, user, password } = cluster;
  const where = ['--host', host, '--port', String(port), '--username', user];
  const dump = execa('pg_dump', ['--create', ...where, '--', quotedForConnection(database)], {
    env: { PGPASSWORD: password, PGTZ: 'UTC' },
    buffer: { stdout: false },
  });
  const hash = createHash('sha256');
  try {
    for await (const line of dump) if (!DIFFERS_EACH_TIME.test(line)) hash.update(`${line}\n`);
  } catch (error) {
    if (/database ".*" does not exist/.test(String(error))) return 'gone';
    throw error;
  }
  return hash.digest('hex').slice(0, 16);
};

/** libpq takes a name with an equals sign for a connection string. */
const quotedForConnection = (database: string): string =>
  `dbname='${database.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const GNU_TAR = process.platform === 'linux' ? 'tar' : 'gtar';

/** Of a sorted archive with every attribute; `gone` when there is no folder. */
export const treeDigest = async (path: string): Promise<string> => {
  const script = `test -d "$1" || { echo gone; exit; }
${GNU_TAR} --create --file=- --sort=name --format=posix --numeric-owner --acls --xattrs '--xattrs-include=*' \\
  --pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime '--exclude=.holdfast-*' --directory="$1" . | sha256sum | cut -c 1-16`;
  return (await run('sh', ['-c', script, 'digest', path])).stdout.trim();
};

export interface Live {
  databases: Record<string, string>;
  trees: Record<string, string>;
}

export const live = async (
  cluster: Cluster,
  { databases = [], trees = [] }: { databases?: readonly string[]; trees?: readonly string[] },
): Promise<Live> => ({
  databases: Object.fromEntries(
    await Promise.all(databases.map(async (name) => [name, await databaseDigest(cluster, name)])),
  ),
  trees: Object.fromEntries(await Promise.all(trees.map(async (path) => [path, await treeDigest(path)]))),
});
