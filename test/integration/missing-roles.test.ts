// Roles of a backup's globals on a server that lacks some of them.
import { afterAll, expect, it } from 'vitest';
import { type MadeRoles, makeMissingRoles } from '../../src/database/missing-roles.js';
import { targetOf } from '../support/database-target.js';
import { startCluster } from '../support/postgres-cluster.js';

const cluster = await startCluster();
afterAll(() => cluster.stop());

const GLOBALS = `
CREATE ROLE postgres;
ALTER ROLE postgres WITH NOSUPERUSER;
CREATE ROLE app_owner;
ALTER ROLE app_owner WITH NOSUPERUSER LOGIN;
CREATE ROLE "odd; ""role""";
ALTER ROLE "odd; ""role""" WITH NOLOGIN;
COMMENT ON ROLE "odd; ""role""" IS 'it''s; odd';
CREATE ROLE reader;
ALTER ROLE reader WITH LOGIN;
ALTER ROLE app_owner SET work_mem TO '7MB';
GRANT reader TO app_owner;
GRANT nobody_at_all TO app_owner;
CREATE TABLESPACE fast LOCATION '/nowhere';
`;

const make = (passwords = new Map<string, string>()): Promise<MadeRoles> =>
  makeMissingRoles(targetOf(cluster, 'postgres'), {
    globals: GLOBALS,
    passwords,
    applicationName: 'holdfast:test',
    effect: (_name, act) => act(),
  });

const roles = () =>
  cluster.query(
    'postgres',
    `select rolname, rolsuper, rolcanlogin, shobj_description(oid, 'pg_authid') as comment
      from pg_roles where rolname !~ '^pg_' order by 1`,
  );

it('a crash before the end leaves none of them', async () => {
  const globals = GLOBALS.replace('CREATE ROLE reader', 'CREATE ROLE pg_not_allowed');
  const wanted = { globals, passwords: new Map(), applicationName: 'x' };
  await expect(
    makeMissingRoles(targetOf(cluster, 'postgres'), { ...wanted, effect: (_name, act) => act() }),
  ).rejects.toThrow('pg_not_allowed');
  expect(await roles()).toMatchObject([{ rolname: 'postgres' }]);
});

it('those that are missing are made as they were, those that are there are left alone', async () => {
  await cluster.query('postgres', `create role reader; comment on role reader is 'mine'`);
  expect(await make(new Map([['app_owner', 'zq7']]))).toEqual({
    made: ['app_owner', 'odd; "role"'],
    withoutPassword: [],
    refused: [expect.stringContaining('role "nobody_at_all" does not exist')],
  });
  expect(await roles()).toEqual([
    { rolname: 'app_owner', rolsuper: false, rolcanlogin: true, comment: null },
    { rolname: 'odd; "role"', rolsuper: false, rolcanlogin: false, comment: `it's; odd` },
    { rolname: 'postgres', rolsuper: true, rolcanlogin: true, comment: null },
    { rolname: 'reader', rolsuper: false, rolcanlogin: false, comment: 'mine' },
  ]);
  const settings = await cluster.query('postgres', `select setconfig from pg_db_role_setting`);
  expect(settings).toEqual([{ setconfig: ['work_mem=7MB'] }]);
});

it('a role logs in with the password that was sealed', async () => {
  const [kept] = await cluster.query(
    'postgres',
    `select rolpassword from pg_authid where rolname = 'app_owner'`,
  );
  expect(String(kept?.rolpassword)).toMatch(/^SCRAM-SHA-256\$4096:/);
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: cluster.host,
    port: cluster.port,
    user: 'app_owner',
    password: 'zq7',
    database: 'postgres',
  });
  await client.connect();
  await client.end();
});

it('where none is missing nothing is done', async () => {
  expect(await make()).toEqual({ made: [], withoutPassword: [], refused: [] });
});
