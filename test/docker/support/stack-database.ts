// The stack's database as the tests' other servers look, so that what asks those can ask this one.
import pg from 'pg';
import type { Cluster } from '../../support/postgres-cluster.js';

const HOST = '127.0.0.1';
const USER = 'app';

/** It is stopped with its stack, not by itself. */
export const stackDatabase = ({ port, password }: { port: number; password: string }): Cluster => {
  const url = (database: string) =>
    `postgresql://${USER}:${password}@${HOST}:${port}/${encodeURIComponent(database)}`;
  return {
    host: HOST,
    port,
    user: USER,
    password,
    socketFolder: '/run/postgresql',
    url,
    query: async (database, sql) => {
      const client = new pg.Client({ connectionString: url(database) });
      client.on('error', () => undefined);
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    stop: async () => undefined,
  };
};
