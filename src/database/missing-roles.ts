// Roles that a backup knows and a server lacks, made from the backup's globals: only those, and none that is there is changed.
import pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import type { Effect } from '../domain/effect.js';
import { scramVerifier } from './scram.js';
import { maintenanceDatabase, withSession } from './session.js';
import { sqlStatements } from './sql-statements.js';

export interface MissingRoles {
  /** Of pg_dumpall: without passwords. */
  globals: string;
  /** Those that are known, by role. */
  passwords: ReadonlyMap<string, string>;
  applicationName: string;
  effect: Effect;
}

export interface MadeRoles {
  made: string[];
  /** Of them, those that may log in and have no password yet. */
  withoutPassword: string[];
  /** Statements about them that the server refused, and why. */
  refused: string[];
}

/** All in one transaction: after a crash either all are there or none. */
export const makeMissingRoles = (target: DatabaseTarget, wanted: MissingRoles): Promise<MadeRoles> =>
  withSession(
    target,
    { database: maintenanceDatabase([target]), applicationName: wanted.applicationName },
    async (client) => {
      const { rows } = await client.query<{ rolname: string }>('select rolname from pg_roles');
      const there = new Set(rows.map(({ rolname }) => rolname));
      const statements = sqlStatements(wanted.globals);
      const made = rolesIn(statements).filter((role) => !there.has(role));
      if (made.length === 0) return { made, withoutPassword: [], refused: [] };
      return wanted.effect('make the missing roles', () => make(client, { ...wanted, made, statements }));
    },
  );

interface Making extends Pick<MissingRoles, 'passwords'> {
  made: readonly string[];
  statements: readonly string[];
}

const make = async (client: pg.Client, { made, statements, passwords }: Making): Promise<MadeRoles> => {
  const refused: string[] = [];
  await client.query('begin');
  try {
    for (const statement of about(new Set(made), statements)) {
      if (isCreation(statement)) await client.query(statement);
      else refused.push(...(await unlessRefused(client, statement)));
    }
    for (const [role, password] of passwords)
      if (made.includes(role))
        await client.query(
          `alter role ${pg.escapeIdentifier(role)} password ${pg.escapeLiteral(scramVerifier(password))}`,
        );
    const withoutPassword = await loginsOf(
      client,
      made.filter((role) => !passwords.has(role)),
    );
    await client.query('commit');
    return { made: [...made], withoutPassword, refused };
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
};

/** An attribute that only a superuser may give does not keep the role itself from being made. */
const unlessRefused = async (client: pg.Client, statement: string): Promise<string[]> => {
  await client.query('savepoint one');
  try {
    await client.query(statement);
    await client.query('release savepoint one');
    return [];
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    await client.query('rollback to savepoint one');
    return [`${statement}: ${error.message}`];
  }
};

const loginsOf = async (client: pg.Client, roles: readonly string[]): Promise<string[]> => {
  const { rows } = await client.query<{ rolname: string }>(
    'select rolname from pg_roles where rolcanlogin and rolname = any ($1::text[]) order by 1',
    [roles],
  );
  return rows.map(({ rolname }) => rolname);
};

/** A role's name, quoted or not. */
const NAME = '("(?:[^"]|"")+"|[^\\s";,]+)';
const CREATE = new RegExp(`^CREATE ROLE ${NAME}$`);
const OF_ROLE = new RegExp(`^(?:ALTER ROLE|COMMENT ON ROLE) ${NAME} (?!IN DATABASE)`);
const GRANT = new RegExp(`^GRANT ${NAME} TO ${NAME}(?: |$)`);

const isCreation = (statement: string): boolean => CREATE.test(statement);

const rolesIn = (statements: readonly string[]): string[] =>
  statements.flatMap((statement) => {
    const name = CREATE.exec(statement)?.[1];
    return name === undefined ? [] : [unquoted(name)];
  });

/** In their order: pg_dumpall makes all roles before it says more of any. */
const about = (roles: ReadonlySet<string>, statements: readonly string[]): string[] =>
  statements.filter((statement) => {
    const [, one, other] = CREATE.exec(statement) ?? OF_ROLE.exec(statement) ?? GRANT.exec(statement) ?? [];
    return [one, other].some((name) => name !== undefined && roles.has(unquoted(name)));
  });

const unquoted = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
