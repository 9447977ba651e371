// What belongs to a database but not to its dump: owner, rights, settings, limit, comment. A renamed database keeps
// its own, so a restored one must be given those of the database whose place it takes.
import pg from 'pg';
import type { DatabaseProperties } from '../domain/manifest.js';
import { isList, splitList } from './setting-lists.js';

export const readProperties = async (client: pg.Client, database: string): Promise<DatabaseProperties> => {
  const { rows } = await client.query<PropertiesRow>(PROPERTIES, [database]);
  const [row] = rows;
  if (row === undefined) throw new Error(`database ${database} does not exist`);
  const { settings, ...properties } = row;
  return { ...properties, settings: settings.map(splitSetting) };
};

/**
 * SQL that gives an existing database exactly these properties, whatever it had; all of it may run in a transaction.
 * The tablespace is chosen when a database is created and is not in it.
 */
export const propertyStatements = (database: string, properties: DatabaseProperties): string[] => {
  const name = pg.escapeIdentifier(database);
  const { owner, acl, settings, connectionLimit, comment } = properties;
  return [
    `ALTER DATABASE ${name} OWNER TO ${pg.escapeIdentifier(owner)}`,
    clearing(database),
    ...(acl === null ? defaultRights(name, owner) : acl.map((right) => grant(name, right))),
    ...settings.map((setting) => alter(name, setting)),
    `ALTER DATABASE ${name} CONNECTION LIMIT ${connectionLimit}`,
    `COMMENT ON DATABASE ${name} IS ${comment === null ? 'NULL' : pg.escapeLiteral(comment)}`,
  ];
};

interface PropertiesRow extends Omit<DatabaseProperties, 'settings'> {
  settings: { role: string | null; setting: string }[];
}

/** Rights that are the same as the default ones are the default ones. */
const PROPERTIES = `select
    pg_get_userbyid(d.datdba) as owner,
    case when d.datacl is null or (d.datacl @> acldefault('d', d.datdba) and d.datacl <@ acldefault('d', d.datdba))
      then null
      else (select coalesce(json_agg(json_build_object(
          'grantee', case a.grantee when 0 then null else pg_get_userbyid(a.grantee) end,
          'privilege', a.privilege_type, 'grantable', a.is_grantable)
        order by a.grantee <> 0, pg_get_userbyid(a.grantee), a.privilege_type), '[]')
        from aclexplode(d.datacl) a)
    end as acl,
    (select coalesce(json_agg(json_build_object(
        'role', case s.setrole when 0 then null else pg_get_userbyid(s.setrole) end, 'setting', c.setting)
      order by s.setrole <> 0, pg_get_userbyid(s.setrole), c.position), '[]')
      from pg_db_role_setting s, unnest(s.setconfig) with ordinality as c (setting, position)
      where s.setdatabase = d.oid) as settings,
    d.datconnlimit as "connectionLimit",
    shobj_description(d.oid, 'pg_database') as comment,
    (select spcname from pg_tablespace where oid = d.dattablespace) as tablespace
  from pg_database d where d.datname = $1`;

const splitSetting = ({ role, setting }: { role: string | null; setting: string }) => {
  const at = setting.indexOf('=');
  return { role, name: setting.slice(0, at), value: setting.slice(at + 1) };
};

/** Takes away every right and every setting that the database has. */
const clearing = (database: string): string => {
  const literal = pg.escapeLiteral(database);
  return `DO ${pg.escapeLiteral(`DECLARE
  database pg_catalog.pg_database;
  held record;
BEGIN
  SELECT * INTO STRICT database FROM pg_catalog.pg_database WHERE datname = ${literal};
  EXECUTE pg_catalog.format('ALTER DATABASE %I RESET ALL', database.datname);
  FOR held IN SELECT DISTINCT pg_catalog.pg_get_userbyid(setrole) AS name
    FROM pg_catalog.pg_db_role_setting WHERE setdatabase = database.oid AND setrole <> 0
  LOOP EXECUTE pg_catalog.format('ALTER ROLE %I IN DATABASE %I RESET ALL', held.name, database.datname); END LOOP;
  EXECUTE pg_catalog.format('REVOKE ALL ON DATABASE %I FROM PUBLIC', database.datname);
  FOR held IN SELECT pg_catalog.pg_get_userbyid(database.datdba) AS name
    UNION SELECT pg_catalog.pg_get_userbyid(grantee)
    FROM pg_catalog.aclexplode(database.datacl) WHERE grantee <> 0
  LOOP EXECUTE pg_catalog.format('REVOKE ALL ON DATABASE %I FROM %I CASCADE', database.datname, held.name); END LOOP;
END`)}`;
};

type Right = NonNullable<DatabaseProperties['acl']>[number];

const grant = (name: string, { grantee, privilege, grantable }: Right): string =>
  `GRANT ${privilege} ON DATABASE ${name} TO ${grantee === null ? 'PUBLIC' : pg.escapeIdentifier(grantee)}${
    grantable ? ' WITH GRANT OPTION' : ''
  }`;

const defaultRights = (name: string, owner: string): string[] => [
  `GRANT ALL ON DATABASE ${name} TO ${pg.escapeIdentifier(owner)}`,
  `GRANT TEMPORARY, CONNECT ON DATABASE ${name} TO PUBLIC`,
];

const alter = (database: string, setting: DatabaseProperties['settings'][number]): string => {
  const { role, name, value } = setting;
  const who = role === null ? '' : `ROLE ${pg.escapeIdentifier(role)} IN `;
  return `ALTER ${who}DATABASE ${database} SET ${pg.escapeIdentifier(name)} TO ${settingValue(name, value)}`;
};

const settingValue = (name: string, value: string): string => {
  const names = isList(name) ? splitList(value) : null;
  if (names === null) return pg.escapeLiteral(value);
  return names.length === 0 ? "''" : names.map((element) => pg.escapeLiteral(element)).join(', ');
};
