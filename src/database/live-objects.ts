// What is in a live database that a restore in place replaces, by name and by identity: whether its transaction has
// committed, and what it made that was not there before.
import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import type { DatabaseFacts } from '../domain/manifest.js';
import { type SessionOptions, withSession } from './session.js';

export type TableName = Pick<DatabaseFacts['tables'][number], 'schema' | 'name'>;

export interface LiveObjects {
  /** SHA-256 over the oids of what the backup holds: pg_restore makes all of it anew, and then it is another one. */
  identity: string;
  /** Schemas, extensions, tables, views, sequences, functions, types: `table public.documents`, as SQL has it. */
  names: string[];
  largeObjects: number[];
}

export const readLiveObjects = (
  target: DatabaseTarget,
  tables: readonly TableName[],
  options: SessionOptions,
): Promise<LiveObjects> =>
  withSession(target, options, async (client) => {
    await client.query('begin isolation level repeatable read read only');
    const objects = await client.query<{ name: string }>(OBJECTS);
    const large = await client.query<{ oid: number }>(
      'select oid from pg_catalog.pg_largeobject_metadata order by 1',
    );
    return {
      identity: await identityOf(client, tables),
      names: objects.rows.map(({ name }) => name),
      largeObjects: large.rows.map(({ oid }) => oid),
    };
  });

/** The tables by their oids. A backup without any table is told by its functions and the rows of its large objects. */
const identityOf = async (client: pg.Client, tables: readonly TableName[]): Promise<string> => {
  const { rows } =
    tables.length === 0
      ? await client.query(NO_TABLES)
      : await client.query(TABLES, [tables.map(({ schema }) => schema), tables.map(({ name }) => name)]);
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex');
};

/** Drops what is there now and was not there before: the rest of a restore that is undone. */
export const dropAllBut = (
  target: DatabaseTarget,
  before: Pick<LiveObjects, 'names' | 'largeObjects'>,
  options: SessionOptions,
): Promise<void> =>
  withSession(target, options, async (client) => {
    await client.query('begin');
    const { rows } = await client.query<{ name: string }>(OBJECTS);
    const known = new Set(before.names);
    for (const { name } of rows.filter((row) => !known.has(row.name))) {
      const [, kind = '', identity = ''] = OBJECT_NAME.exec(name) ?? [];
      await client.query(`drop ${kind} if exists ${identity} cascade`);
    }
    await client.query(
      'select lo_unlink(oid) from pg_catalog.pg_largeobject_metadata where oid <> all ($1::oid[])',
      [before.largeObjects],
    );
    await client.query('commit');
  });

const OBJECT_NAME =
  /^(schema|extension|table|view|materialized view|sequence|foreign table|function|procedure|aggregate|type) (.+)$/s;

const USER_SCHEMA = `n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`;
const MADE_BY_ITSELF = (catalogue: string, oid: string, kinds = `'e', 'i'`) =>
  `not exists (select from pg_depend e
    where e.classid = '${catalogue}'::regclass and e.objid = ${oid} and e.deptype in (${kinds}))`;

/**
 * What belongs to an extension, an identity column or a range goes and comes with it; so do indexes, constraints, triggers,
 * rules, and the row types of tables.
 */
const OBJECTS = `select i.type || ' ' || i.identity as name from (
    select 'pg_namespace'::regclass::oid as classid, n.oid from pg_namespace n
      where ${USER_SCHEMA} and n.nspname <> 'public' and ${MADE_BY_ITSELF('pg_namespace', 'n.oid')}
    union all select 'pg_extension'::regclass, oid from pg_extension where extname <> 'plpgsql'
    union all select 'pg_class'::regclass, c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relpersistence <> 't'
        and ${USER_SCHEMA} and ${MADE_BY_ITSELF('pg_class', 'c.oid')}
    union all select 'pg_proc'::regclass, p.oid from pg_proc p join pg_namespace n on n.oid = p.pronamespace
      where ${USER_SCHEMA} and ${MADE_BY_ITSELF('pg_proc', 'p.oid')}
    union all select 'pg_type'::regclass, t.oid from pg_type t join pg_namespace n on n.oid = t.typnamespace
      left join pg_class c on c.oid = t.typrelid
      where t.typtype in ('d', 'e', 'r', 'c') and (c.oid is null or c.relkind = 'c')
        and ${USER_SCHEMA} and ${MADE_BY_ITSELF('pg_type', 't.oid', `'e'`)}
  ) o, lateral pg_identify_object(o.classid, o.oid, 0) i order by 1`;

const TABLES = `select n.nspname as schema, c.relname as name, c.oid
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
    join unnest($1::text[], $2::text[]) as wanted (schema, name) on wanted.schema = n.nspname and wanted.name = c.relname
  order by 1, 2`;

const NO_TABLES = `select 'function' as kind, p.oid, '' as version from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where ${USER_SCHEMA}
  union all select 'large object', oid, xmin::text from pg_largeobject_metadata order by 1, 2`;

/** Whether anybody else's session is in the database now. */
export const hasOtherSessions = (
  target: DatabaseTarget,
  options: SessionOptions & { applicationName: string },
): Promise<boolean> =>
  withSession(target, options, async (client) => {
    const { rows } = await client.query(
      `select from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
        and application_name not like 'holdfast:%'`,
    );
    return rows.length > 0;
  });
