// Holds a backup in the middle: what it reads of this table waits for a lock.
import pg from 'pg';
import { expect, vi } from 'vitest';
import type { Cluster } from '../../support/postgres-cluster.js';

/** Lock it before the backup begins. */
export const holdTable = async (cluster: Cluster, database: string, table: string) => {
  const client = new pg.Client({ connectionString: cluster.url(database) });
  client.on('error', () => undefined);
  await client.connect();
  await client.query(`begin; lock table ${table} in access exclusive mode`);
  const waiting = `select pid from pg_stat_activity where datname = '${database}' and wait_event_type = 'Lock'`;
  return {
    reached: () =>
      vi.waitFor(async () => expect(await cluster.query('postgres', waiting)).not.toEqual([]), {
        timeout: 60_000,
        interval: 50,
      }),
    letGo: () => client.end(),
  };
};
