// Whether the role may create, rename and hand over databases, and end the sessions in them.
import type pg from 'pg';
import { Failure } from '../domain/failure.js';

export const checkRights = async (client: pg.Client, databases: readonly string[]): Promise<void> => {
  const { rows } = await client.query<{ name: string; super: boolean; create: boolean }>(
    'select rolname as name, rolsuper as super, rolcreatedb as create from pg_roles where rolname = current_user',
  );
  const [role] = rows;
  if (role === undefined || role.super) return;
  if (!role.create) throw refused(role.name, 'create databases', `alter role "${role.name}" createdb`);
  await checkOwnership(client, role.name, databases);
  await checkSessions(client, role.name, databases);
};

const checkOwnership = async (
  client: pg.Client,
  role: string,
  databases: readonly string[],
): Promise<void> => {
  const { rows } = await client.query<{ name: string; owner: string }>(
    `select datname as name, pg_get_userbyid(datdba) as owner from pg_database
      where datname = any ($1::text[]) and not pg_has_role(datdba, 'USAGE')`,
    [databases],
  );
  const [first] = rows;
  if (first === undefined) return;
  throw refused(
    role,
    `rename ${first.name}, which belongs to ${first.owner}`,
    `grant "${first.owner}" to "${role}"`,
  );
};

/** Its own role's sessions it may end; others need pg_signal_backend, and a superuser's a superuser. */
const checkSessions = async (
  client: pg.Client,
  role: string,
  databases: readonly string[],
): Promise<void> => {
  const { rows } = await client.query<{ users: string }>(
    `select string_agg(distinct usename, ', ') as users from pg_stat_activity
      where datname = any ($1::text[]) and usesysid is not null and not pg_has_role(usesysid, 'USAGE')
        and not pg_has_role('pg_signal_backend', 'USAGE')`,
    [databases],
  );
  const users = rows[0]?.users;
  if (!users) return;
  throw refused(role, `end the sessions of ${users}`, `grant pg_signal_backend to "${role}"`);
};

const refused = (role: string, what: string, grant: string): Failure =>
  new Failure('DATABASE_RIGHTS', `${role} may not ${what}`, { hint: `as a superuser: ${grant}` });
