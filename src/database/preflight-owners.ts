// Whether the role may drop and make again what is in a live database. The way back replaces all of it, so all of it counts.
import type pg from 'pg';
import { Failure } from '../domain/failure.js';
import type { DatabaseFacts } from '../domain/manifest.js';

export const checkReplaceable = async (client: pg.Client, facts: DatabaseFacts): Promise<void> => {
  const { rows } = await client.query<{ role: string; super: boolean; database: string }>(
    `select rolname as role, rolsuper as super, current_database() as database
      from pg_roles where rolname = current_user`,
  );
  const [who] = rows;
  if (who === undefined || who.super) return;
  await checkOwners(client, who.role);
  await checkCreation(client, facts, who);
};

const checkOwners = async (client: pg.Client, role: string): Promise<void> => {
  const { rows } = await client.query<{ what: string; owner: string }>(FOREIGN_OBJECTS);
  const [first] = rows;
  if (first === undefined) return;
  const more = rows.length === 1 ? '' : ` and ${rows.length - 1} more`;
  const owners = [...new Set(rows.map(({ owner }) => `"${owner}"`))].join(', ');
  throw refused(
    `${role} may not drop ${first.what}${more}, of ${first.owner}`,
    `grant ${owners} to "${role}"`,
  );
};

/** In every schema of the backup that is there already; others are made, which needs a right on the database. */
const checkCreation = async (
  client: pg.Client,
  { tables, extensions }: DatabaseFacts,
  { role, database }: { role: string; database: string },
): Promise<void> => {
  const schemas = [...new Set(tables.map(({ schema }) => schema))];
  const { rows } = await client.query<{ closed: string[]; may: boolean }>(
    `select coalesce(array_agg(nspname::text) filter (where not has_schema_privilege(oid, 'CREATE')), '{}') as closed,
      has_database_privilege(current_database(), 'CREATE') as may
      from pg_namespace where nspname = any ($1::text[])`,
    [schemas],
  );
  const {
    closed: [closed],
    may,
  } = rows[0] ?? { closed: [], may: true };
  if (closed !== undefined)
    throw refused(
      `${role} may not create tables in the schema ${closed}`,
      `grant create on schema "${closed}" to "${role}"`,
    );
  const needs =
    schemas.some((name) => name !== 'public') || extensions.some(({ name }) => name !== 'plpgsql');
  if (needs && !may)
    throw refused(
      `${role} may not create the schemas and extensions of the backup in ${database}`,
      `grant create on database "${database}" to "${role}"`,
    );
};

const refused = (message: string, grant: string): Failure =>
  new Failure('DATABASE_RIGHTS', message, { hint: `as a superuser: ${grant}; or restore as a superuser` });

/** Those that the role is neither the owner of nor a member of the owner; an extension's own go with it. */
const FOREIGN_OBJECTS = `select pg_describe_object(o.classid, o.oid, 0) as what, pg_get_userbyid(o.owner) as owner from (
    select 'pg_namespace'::regclass::oid as classid, oid, nspowner as owner, oid as namespace from pg_namespace
      where nspname <> 'public'
    union all select 'pg_class'::regclass, oid, relowner, relnamespace from pg_class
      where relkind in ('r', 'p', 'v', 'm', 'S', 'f') and relpersistence <> 't'
    union all select 'pg_proc'::regclass, oid, proowner, pronamespace from pg_proc
    union all select 'pg_type'::regclass, oid, typowner, typnamespace from pg_type where typrelid = 0 and typelem = 0
    union all select 'pg_extension'::regclass, oid, extowner, null from pg_extension where extname <> 'plpgsql'
    union all select 'pg_largeobject'::regclass, oid, lomowner, null from pg_largeobject_metadata
    union all select 'pg_publication'::regclass, oid, pubowner, null from pg_publication
    union all select 'pg_event_trigger'::regclass, oid, evtowner, null from pg_event_trigger
  ) o left join pg_namespace n on n.oid = o.namespace
  where (n.oid is null or (n.nspname !~ '^pg_' and n.nspname <> 'information_schema'))
    and not pg_has_role(o.owner, 'USAGE')
    and not exists (select from pg_depend e where e.classid = o.classid and e.objid = o.oid and e.deptype = 'e')
  order by 1`;
