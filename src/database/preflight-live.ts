// What binds the live databases so that they cannot change places.
import type pg from 'pg';
import { Failure } from '../domain/failure.js';

export const checkSwappable = async (client: pg.Client, databases: readonly string[]): Promise<void> => {
  const twice = databases.find((name, index) => databases.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new Failure('DATABASE_NOT_READY', `two databases of the deployment are both called ${twice}`, {
      hint: 'name each database once in holdfast.yaml',
    });
  }
  await checkStandby(client);
  await checkPrepared(client, databases);
  await checkReplication(client, databases);
};

export const checkStandby = async (client: pg.Client): Promise<void> => {
  const { rows } = await client.query<{ standby: boolean }>('select pg_is_in_recovery() as standby');
  if (rows[0]?.standby !== true) return;
  throw new Failure('DATABASE_NOT_READY', 'the server is a standby: nothing can be restored into it', {
    hint: 'name the primary in holdfast.yaml',
  });
};

export const checkPrepared = async (client: pg.Client, databases: readonly string[]): Promise<void> => {
  const { rows } = await client.query<{ gid: string; database: string; owner: string }>(
    'select gid, database, owner from pg_prepared_xacts where database = any ($1::text[]) order by prepared',
    [databases],
  );
  if (rows.length === 0) return;
  const list = rows.map(({ gid, database, owner }) => `${gid} (in ${database}, of ${owner})`).join(', ');
  throw new Failure('PREPARED_TRANSACTIONS', `prepared transactions hold the live database: ${list}`);
};

/** Subscriptions and logical slots stay with the replaced database, which could then not even be dropped. */
const checkReplication = async (client: pg.Client, databases: readonly string[]): Promise<void> => {
  const { rows } = await client.query<{ what: string }>(
    `select format('subscription %s in %s', s.subname, d.datname) as what
      from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = any ($1::text[])
      union all select format('replication slot %s on %s', slot_name, database)
      from pg_replication_slots where database = any ($1::text[])`,
    [databases],
  );
  if (rows.length === 0) return;
  const list = rows.map(({ what }) => what).join(', ');
  throw new Failure('DATABASE_NOT_READY', `logical replication is bound to the live database: ${list}`, {
    hint: 'drop it before the restore, and create it again afterwards',
  });
};
