// What a database holds: the rows of every table, and its whole plain-text dump, properties of the database included.
import { createHash } from 'node:crypto';
import { execa } from 'execa';
import type { Cluster } from '../test/support/postgres-cluster.js';

export interface DatabaseSnapshot {
  /** Rows by table (`public.documents`); materialized views included. */
  rows: Map<string, number>;
  largeObjects: number;
  bytes: number;
  /** SHA-256 of the dump, without the lines that differ from dump to dump. */
  dump: string;
}

export const snapshotDatabase = async (cluster: Cluster, database: string): Promise<DatabaseSnapshot> => ({
  rows: await countRows(cluster, database),
  largeObjects: await numberFrom(cluster, database, 'SELECT count(*) AS n FROM pg_largeobject_metadata'),
  bytes: await numberFrom(cluster, database, 'SELECT pg_database_size(current_database()) AS n'),
  dump: await digestDump(cluster, database),
});

const TABLES = `SELECT format('%I.%I', nspname, relname) AS name
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
  WHERE relkind IN ('r', 'm') AND nspname NOT IN ('pg_catalog', 'information_schema') AND nspname NOT LIKE 'pg\\_%'
  ORDER BY 1`;

const countRows = async (cluster: Cluster, database: string): Promise<Map<string, number>> => {
  const rows = new Map<string, number>();
  for (const { name } of await cluster.query(database, TABLES)) {
    rows.set(String(name), await numberFrom(cluster, database, `SELECT count(*) AS n FROM ${name}`));
  }
  return rows;
};

const numberFrom = async (cluster: Cluster, database: string, sql: string): Promise<number> =>
  Number((await cluster.query(database, sql))[0]?.n);

const DIFFERS_EACH_TIME = /^(-- Dumped |\\restrict |\\unrestrict )/;

const digestDump = async (cluster: Cluster, database: string): Promise<string> => {
  const hash = createHash('sha256');
  const args = [
    '--create',
    '--host',
    cluster.host,
    '--port',
    String(cluster.port),
    '--username',
    cluster.user,
  ];
  const dump = execa('pg_dump', [...args, '--', database], {
    env: { PGPASSWORD: cluster.password, PGTZ: 'UTC' },
    buffer: { stdout: false },
  });
  for await (const line of dump) if (!DIFFERS_EACH_TIME.test(line)) hash.update(`${line}\n`);
  return hash.digest('hex');
};
