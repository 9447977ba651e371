// Databases that holdfast makes beside the live ones: staged ones, and replaced ones that are kept for a while. One is
// dropped only when its name, its oid and its comment say that it is the one that is meant.
import pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import type { DatabaseFacts } from '../domain/manifest.js';
import { SIDE_DATABASE_PATTERN } from '../domain/names.js';
import { maintenanceDatabase, withSession } from './session.js';
import { emptyDatabases } from './sessions.js';

export { compareCounts } from './row-counts.js';
export { analyze, countRows } from './staged-data.js';

export interface SideDatabase {
  name: string;
  comment: string;
}

/** An empty database like the one in `facts`. One of that name that is ours is dropped first: it is half filled. */
export const createSideDatabase = (
  target: DatabaseTarget,
  options: { applicationName: string; side: SideDatabase; facts: DatabaseFacts; effect: Effect },
): Promise<{ oid: number }> =>
  inMaintenance(target, options.applicationName, async (client) => {
    const { side, facts, effect } = options;
    await dropOurs(client, { ...side, oid: null, effect });
    const sql = await creation(client, { side, facts, live: target.database });
    await effect('create the side database', () => client.query(sql));
    const comment = `comment on database ${pg.escapeIdentifier(side.name)} is ${pg.escapeLiteral(side.comment)}`;
    await effect('mark the side database', () => client.query(comment));
    const created = await find(client, side.name);
    if (created === undefined)
      throw new Failure('OPERATION_LOST', `${side.name} was dropped by somebody else`);
    return { oid: created.oid };
  });

/** @param options.oid null: not known, because whoever created it ended before it could be recorded */
export const dropSideDatabase = (
  target: DatabaseTarget,
  options: {
    applicationName: string;
    name: string;
    comment: string | null;
    oid: number | null;
    effect: Effect;
  },
): Promise<'dropped' | 'gone'> =>
  inMaintenance(target, options.applicationName, (client) => dropOurs(client, options));

const inMaintenance = <T>(
  target: DatabaseTarget,
  applicationName: string,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> => withSession(target, { database: maintenanceDatabase([target]), applicationName }, use);

interface Found {
  oid: number;
  comment: string | null;
}

const find = async (client: pg.Client, name: string): Promise<Found | undefined> => {
  const { rows } = await client.query<Found>(
    `select oid, shobj_description(oid, 'pg_database') as comment from pg_database where datname = $1`,
    [name],
  );
  return rows[0];
};

interface Ours {
  name: string;
  comment: string | null;
  oid: number | null;
  effect: Effect;
}

const dropOurs = async (client: pg.Client, ours: Ours): Promise<'dropped' | 'gone'> => {
  const { name, comment, oid, effect } = ours;
  if (!SIDE_DATABASE_PATTERN.test(name)) throw notOurs(name, 'its name is not one that holdfast gives');
  const found = await find(client, name);
  if (found === undefined) return 'gone';
  if (oid !== null && found.oid !== oid) throw notOurs(name, `its oid is ${found.oid}, not ${oid}`);
  // Created and not yet marked when its maker ended.
  if (found.comment !== null && found.comment !== comment) throw notOurs(name, 'its comment is another one');
  const force = (await isSuperuser(client)) ? 'with (force)' : '';
  await effect('drop the side database', async () => {
    await emptyDatabases(client, [found.oid]);
    await client.query(`drop database if exists ${pg.escapeIdentifier(name)} ${force}`);
  });
  return 'dropped';
};

/** To others `with (force)` is refused while autovacuum is in the database; without it, it is ended. */
const isSuperuser = async (client: pg.Client): Promise<boolean> => {
  const { rows } = await client.query<{ super: boolean }>(
    'select rolsuper as super from pg_roles where rolname = current_user',
  );
  return rows[0]?.super === true;
};

const notOurs = (name: string, reason: string): Failure =>
  new Failure('OPERATION_LOST', `database ${name} is not dropped: ${reason}`, {
    hint: 'look at it, and drop or rename it by hand if nobody needs it',
  });

/** template0's own tablespace is not named: it needs no right then, which a role that owns its databases often lacks. */
const creation = async (
  client: pg.Client,
  { side, facts, live }: { side: SideDatabase; facts: DatabaseFacts; live: string },
): Promise<string> => {
  const { rows } = await client.query<{ version: number; tablespace: string | null }>(
    `select current_setting('server_version_num')::int as version, (select spcname from pg_tablespace
      where oid = coalesce(
          (select dattablespace from pg_database where datname = $1),
          (select oid from pg_tablespace where spcname = $2))
        and oid <> (select dattablespace from pg_database where datname = 'template0')) as tablespace`,
    [live, facts.properties.tablespace],
  );
  const tablespace = rows[0]?.tablespace ?? null;
  return [
    `create database ${pg.escapeIdentifier(side.name)} template template0`,
    `encoding ${pg.escapeLiteral(facts.encoding)}`,
    `lc_collate ${pg.escapeLiteral(facts.collate)} lc_ctype ${pg.escapeLiteral(facts.ctype)}`,
    ...((rows[0]?.version ?? 0) >= 150_000 ? localeProvider(facts) : []),
    ...(tablespace === null ? [] : [`tablespace ${pg.escapeIdentifier(tablespace)}`]),
  ].join(' ');
};

/** Since 15 the cluster's own provider is the default, so it is always named. */
const localeProvider = ({ localeProvider: provider, locale }: DatabaseFacts): string[] => {
  const name = pg.escapeLiteral(locale ?? '');
  if (provider === 'icu') return [`locale_provider icu icu_locale ${name}`];
  if (provider === 'builtin') return [`locale_provider builtin builtin_locale ${name}`];
  return ['locale_provider libc'];
};
