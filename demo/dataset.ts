// The application's database: its roles, its own settings, and dataset.sql in it.
import { readFile } from 'node:fs/promises';
import type { Cluster } from '../test/support/postgres-cluster.js';

export const DATABASE = 'edms';

const AROUND = [
  `CREATE ROLE edms LOGIN`,
  `CREATE DATABASE ${DATABASE} OWNER edms`,
  `COMMENT ON DATABASE ${DATABASE} IS 'Documents of the demonstration'`,
  `ALTER DATABASE ${DATABASE} SET search_path = public, archive`,
  `ALTER DATABASE ${DATABASE} SET work_mem = '8MB'`,
  `REVOKE CONNECT ON DATABASE ${DATABASE} FROM PUBLIC`,
  `GRANT CONNECT ON DATABASE ${DATABASE} TO edms`,
];

/** About 95,000 rows in a dozen tables, and 260 large objects. */
export const createDatabase = async (cluster: Cluster): Promise<void> => {
  for (const statement of AROUND) await cluster.query('postgres', statement);
  await cluster.query(DATABASE, await readFile(new URL('dataset.sql', import.meta.url), 'utf8'));
};

export const dropDatabase = async (cluster: Cluster): Promise<void> => {
  await cluster.query('postgres', `DROP DATABASE ${DATABASE} WITH (FORCE)`);
};
