// What would make a backup or a restore fail at night, found out now. Reads only.
import type pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import type { DatabaseFacts } from '../domain/manifest.js';
import { checkSwappable } from './preflight-live.js';
import { checkRights } from './preflight-rights.js';
import { maintenanceDatabase, withSession } from './session.js';

export interface ServerFacts {
  /** server_version_num: 150018 is 15.18. */
  serverVersion: number;
  /** pg_database_size. */
  bytes: number;
  inRecovery: boolean;
  /** null where the role may not know. */
  dataDirectory: string | null;
}

/** Connects, and checks that the role may read all that pg_dump reads. */
export const checkServer = (
  target: DatabaseTarget,
  options: { applicationName: string },
): Promise<ServerFacts> =>
  withSession(target, options, async (client) => {
    const { rows } = await client.query<{
      version: number;
      bytes: string;
      standby: boolean;
      folder: string | null;
    }>(
      `select current_setting('server_version_num')::int as version, pg_database_size(current_database()) as bytes,
        pg_is_in_recovery() as standby, (select setting from pg_settings where name = 'data_directory') as folder`,
    );
    await checkReadable(client, target);
    const [row] = rows;
    return {
      serverVersion: Number(row?.version),
      bytes: Number(row?.bytes),
      inRecovery: row?.standby === true,
      dataDirectory: row?.folder || null,
    };
  });

export interface RestoreNeeds {
  applicationName: string;
  /** Of all the backup's databases. */
  roles: readonly string[];
  extensions: DatabaseFacts['extensions'];
  /** server_version_num of the server that the dump is of. */
  dumpVersion: number;
}

/** Throws the first thing that would make staging or swapping these databases fail. */
export const checkRestoreRights = (
  targets: readonly DatabaseTarget[],
  needs: RestoreNeeds,
): Promise<void> => {
  const [server] = targets;
  if (server === undefined) return Promise.resolve();
  const session = { database: maintenanceDatabase(targets), applicationName: needs.applicationName };
  return withSession(server, session, async (client) => {
    const databases = targets.map(({ database }) => database);
    await checkVersion(client, needs.dumpVersion);
    await checkRights(client, databases);
    await checkRoles(client, needs.roles);
    await checkExtensions(client, needs.extensions);
    await checkSwappable(client, databases);
  });
};

/** pg_dump locks and reads every table and sequence; one that it may not read ends it. */
const checkReadable = async (client: pg.Client, target: DatabaseTarget): Promise<void> => {
  const { rows } = await client.query<{ name: string; hidden: boolean }>(
    `select c.oid::regclass::text as name, row_security_active(c.oid) as hidden
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'S') and c.relpersistence <> 't'
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and (not has_schema_privilege(n.oid, 'USAGE') or not has_table_privilege(c.oid, 'SELECT')
          or row_security_active(c.oid))
        and not exists (select from pg_depend e
          where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
      order by 1`,
  );
  const [first] = rows;
  if (first === undefined) return;
  const more = rows.length === 1 ? '' : ` and ${rows.length - 1} more`;
  const reason = first.hidden ? 'row level security hides rows of' : 'the role may not read';
  throw new Failure(
    'DATABASE_RIGHTS',
    `${target.user} cannot back up ${target.database}: ${reason} ${first.name}${more}`,
  );
};

export const checkVersion = async (client: pg.Client, dumpVersion: number): Promise<void> => {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  const [from, to] = [dumpVersion, Number(rows[0]?.version)].map((version) => Math.floor(version / 10_000));
  if (from === undefined || to === undefined || from <= to) return;
  throw new Failure(
    'VERSION_MISMATCH',
    `the backup was taken from PostgreSQL ${from}; PostgreSQL ${to} cannot take it`,
    { hint: `restore to a server of version ${from} or newer` },
  );
};

export const checkRoles = async (client: pg.Client, roles: readonly string[]): Promise<void> => {
  const missing = await missingNames(client, roles, 'select rolname from pg_roles');
  if (missing.length === 0) return;
  throw new Failure(
    'DATABASE_NOT_READY',
    `the server lacks roles that the backup needs: ${missing.join(', ')}`,
    {
      hint: 'create them (create role …); the backup’s globals have them as they were',
    },
  );
};

export const checkExtensions = async (
  client: pg.Client,
  extensions: DatabaseFacts['extensions'],
): Promise<void> => {
  const names = extensions.map(({ name }) => name);
  const missing = await missingNames(client, names, 'select name from pg_available_extensions');
  if (missing.length > 0) {
    const list = extensions
      .filter(({ name }) => missing.includes(name))
      .map(({ name, version }) => `${name} ${version}`);
    throw new Failure(
      'DATABASE_NOT_READY',
      `extensions are not installed on the server: ${list.join(', ')}`,
      {
        hint: 'install them beside the server, as they were where the backup was taken',
      },
    );
  }
  const { rows } = await client.query<{ name: string }>(
    `select a.name from pg_available_extensions a
      join pg_available_extension_versions v on v.name = a.name and v.version = a.default_version
      where a.name = any ($1::text[]) and a.name <> 'plpgsql' and v.superuser and not v.trusted
        and not (select rolsuper from pg_roles where rolname = current_user)`,
    [names],
  );
  if (rows.length === 0) return;
  const list = rows.map(({ name }) => name).join(', ');
  throw new Failure('DATABASE_RIGHTS', `only a superuser can create the extensions ${list}`);
};

const missingNames = async (
  client: pg.Client,
  names: readonly string[],
  known: string,
): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[]) as wanted (name) where name not in (${known}) order by 1`,
    [names],
  );
  return rows.map(({ name }) => name);
};
