// Everything about a database that its dump does not carry, and the counts that prove the dump.
import type pg from 'pg';
import type { DatabaseFacts } from '../domain/manifest.js';
import { readProperties } from './properties.js';
import { readRowCounts } from './row-counts.js';

/** Of the database that the session is connected to, as its transaction sees it. */
export const readFacts = async (
  client: pg.Client,
  { name, database, snapshotAt }: Pick<DatabaseFacts, 'name' | 'database' | 'snapshotAt'>,
): Promise<DatabaseFacts> => ({
  name,
  database,
  ...(await readServerFacts(client)),
  ...(await readLocale(client)),
  extensions: await readExtensions(client),
  roles: await readRoles(client),
  properties: await readProperties(client, database),
  snapshotAt,
  ...(await readRowCounts(client)),
});

const readServerFacts = async (
  client: pg.Client,
): Promise<Pick<DatabaseFacts, 'serverVersion' | 'bytes'>> => {
  const { rows } = await client.query<{ version: number; bytes: string }>(
    `select current_setting('server_version_num')::int as version, pg_database_size(current_database()) as bytes`,
  );
  return { serverVersion: Number(rows[0]?.version), bytes: Number(rows[0]?.bytes) };
};

type Locale = Pick<DatabaseFacts, 'encoding' | 'collate' | 'ctype' | 'localeProvider' | 'locale'>;

const PROVIDERS: Record<string, Locale['localeProvider']> = { b: 'builtin', c: 'libc', i: 'icu' };

/** The columns differ: before 15 there is no provider; 15 and 16 have daticulocale, since 17 it is datlocale. */
const readLocale = async (client: pg.Client): Promise<Locale> => {
  const { rows } = await client.query<{ encoding: string; row: Record<string, string | null> }>(
    `select pg_encoding_to_char(encoding) as encoding, to_jsonb(d) as row
      from pg_database d where datname = current_database()`,
  );
  const row = rows[0]?.row ?? {};
  return {
    encoding: rows[0]?.encoding ?? '',
    collate: row.datcollate ?? '',
    ctype: row.datctype ?? '',
    localeProvider: PROVIDERS[row.datlocprovider ?? 'c'] ?? 'libc',
    locale: row.datlocale ?? row.daticulocale ?? null,
  };
};

const readExtensions = async (client: pg.Client): Promise<DatabaseFacts['extensions']> => {
  const { rows } = await client.query<DatabaseFacts['extensions'][number]>(
    'select extname as name, extversion as version from pg_extension order by 1',
  );
  return rows;
};

/**
 * pg_shdepend knows every role that owns or may do something in the database, except the first superuser, whom it
 * leaves out: that one is looked for in the catalogues of what people create (oids from 16384).
 */
const ROLES = `with here as (select oid, datdba from pg_database where datname = current_database())
  select rolname as name from pg_roles where oid in (
    select refobjid from pg_shdepend, here where refclassid = 'pg_authid'::regclass
      and (dbid = here.oid or (dbid = 0 and classid = 'pg_database'::regclass and objid = here.oid))
    union select datdba from here
    union select setrole from pg_db_role_setting, here where setdatabase = here.oid
    union select relowner from pg_class where oid >= 16384 and relowner = 10 and relnamespace <> 'pg_toast'::regnamespace
    union select nspowner from pg_namespace where oid >= 16384 and nspowner = 10 and nspname !~ '^pg_'
    union select proowner from pg_proc where oid >= 16384 and proowner = 10
    union select typowner from pg_type where oid >= 16384 and typowner = 10
    union select lomowner from pg_largeobject_metadata where lomowner = 10
    union select grantee from here, pg_database d, aclexplode(d.datacl) where d.oid = here.oid)
  order by 1`;

const readRoles = async (client: pg.Client): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(ROLES);
  return rows.map(({ name }) => name);
};
