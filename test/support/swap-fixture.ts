// A live database, a staged one beside it, and the swap that a restore would record for them.
import type { DatabaseTarget } from '../../src/config/targets.js';
import { readProperties } from '../../src/database/properties.js';
import { withSession } from '../../src/database/session.js';
import type { DatabaseSwap } from '../../src/database/swap.js';
import { sideDatabaseName } from '../../src/domain/names.js';
import { targetOf } from './database-target.js';
import type { Cluster } from './postgres-cluster.js';

export interface Databases {
  /** name → what its table `which` says; null where nobody may connect. */
  [name: string]: string | null;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Both have a table `which` with one row: `old` or `new`. Made by `owner`, if one is given. */
export const stagedSwap = async (
  cluster: Cluster,
  options: { live: string; operation: string; index?: number; without?: 'live'; owner?: string },
): Promise<DatabaseSwap> => {
  const { live, operation, index = 0, owner = cluster.user } = options;
  const incoming = sideDatabaseName(operation, 'new', index);
  const comment = `holdfast:test:${operation}`;
  for (const [name, content] of [
    [live, 'old'],
    [incoming, 'new'],
  ] as const) {
    if (name === live && options.without === 'live') continue;
    await cluster.query(
      'postgres',
      `create database ${quoted(name)} owner ${quoted(owner)} template template0`,
    );
    await cluster.query(
      name,
      `create table which as select '${content}'::text as which; grant all on which to public`,
    );
  }
  await cluster.query('postgres', `comment on database ${incoming} is '${comment}'`);
  const liveOid = await oidOf(cluster, live);
  return {
    name: 'main',
    live,
    liveOid,
    incoming,
    incomingOid: (await oidOf(cluster, incoming)) ?? 0,
    incomingComment: comment,
    outgoing: sideDatabaseName(operation, 'previous', index),
    outgoingComment: `${comment}:previous`,
    properties: liveOid === null ? null : await propertiesOf(targetOf(cluster, live)),
  };
};

export const propertiesOf = (target: DatabaseTarget) =>
  withSession(target, { database: 'postgres', applicationName: 'test' }, (client) =>
    readProperties(client, target.database),
  );

export const oidOf = async (cluster: Cluster, name: string): Promise<number | null> => {
  const rows = await cluster.query(
    'postgres',
    `select oid::int8::int as oid from pg_database where datname = '${name.replaceAll("'", "''")}'`,
  );
  return typeof rows[0]?.oid === 'number' ? rows[0].oid : null;
};

/** What is where, once nobody is in between: the whole world as far as the swap is concerned. */
export const world = async (cluster: Cluster): Promise<Databases> => {
  const rows = await cluster.query(
    'postgres',
    `select datname, datallowconn from pg_database where oid >= 16384 order by datname`,
  );
  const found: Databases = {};
  for (const { datname, datallowconn } of rows) {
    const [row] =
      datallowconn === true ? await cluster.query(String(datname), 'select which from which') : [];
    found[String(datname)] = row === undefined ? null : String(row.which);
  }
  return found;
};

export const dropAll = async (cluster: Cluster): Promise<void> => {
  const rows = await cluster.query('postgres', 'select datname from pg_database where oid >= 16384');
  for (const { datname } of rows) {
    await cluster.query('postgres', `drop database ${quoted(String(datname))} with (force)`);
  }
};
