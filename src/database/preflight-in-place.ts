// What would make a restore into live databases fail, found out before any of them is touched. Reads only.
import type pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import type { DatabaseFacts } from '../domain/manifest.js';
import { countLocks, requireLocks } from './lock-needs.js';
import { checkExtensions, checkRoles, checkVersion } from './preflight.js';
import { checkPrepared, checkStandby } from './preflight-live.js';
import { checkReplaceable } from './preflight-owners.js';
import { withSession } from './session.js';

/** Names as SQL has them, `public.documents`. */
export interface NotInBackup {
  /** Tables that stay as they are. */
  stay: string[];
  /** Partitions: they go with their table. */
  partitions: string[];
}

/** Throws the first thing that would make the restore of these facts into this database fail. */
export const checkInPlace = (
  target: DatabaseTarget,
  facts: DatabaseFacts,
  options: { applicationName: string },
): Promise<NotInBackup> =>
  withSession(target, options, async (client) => {
    await checkStandby(client);
    await checkPrepared(client, [target.database]);
    await checkVersion(client, facts.serverVersion);
    await checkReplaceable(client, facts);
    await checkRoles(client, facts.roles);
    await checkExtensions(client, facts.extensions);
    const found = await readNotInBackup(client, facts);
    await requireLocks(target.database, await countLocks(client, facts));
    return found;
  });

interface Extra {
  name: string;
  schema: string;
  partition: boolean;
}

const readNotInBackup = async (client: pg.Client, { tables }: DatabaseFacts): Promise<NotInBackup> => {
  const known = [tables.map(({ schema }) => schema), tables.map(({ name }) => name)];
  const { rows: extras } = await client.query<Extra>(EXTRAS, known);
  const schemas = new Set(tables.map(({ schema }) => schema).filter((schema) => schema !== 'public'));
  const held = extras.filter(({ schema }) => schemas.has(schema));
  if (held[0] !== undefined)
    throw inTheWay(
      held.map(({ name }) => name),
      `in the schema ${held[0].schema}, which the backup holds`,
    );
  const { rows: bound } = await client.query<{ name: string; to: string }>(BOUND, known);
  if (bound[0] !== undefined)
    throw inTheWay(
      bound.map(({ name }) => name),
      `bound to ${bound[0].to}, which the backup holds`,
    );
  const named = (partition: boolean) => extras.filter((one) => one.partition === partition);
  return { stay: named(false).map(({ name }) => name), partitions: named(true).map(({ name }) => name) };
};

const inTheWay = (names: readonly string[], why: string): Failure =>
  new Failure(
    'DATABASE_NOT_READY',
    `not in the backup, and ${why}: ${[...new Set(names)].slice(0, 10).join(', ')}`,
    {
      hint: 'nothing may depend on what is dropped: drop these tables or their foreign keys, or move them to a schema of their own',
    },
  );

const OF_USERS = `c.relkind = 'r' and c.relpersistence <> 't'
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend e
    where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')`;

const BACKED_UP = `(select c.oid, c.oid::regclass::text as name from unnest($1::text[], $2::text[]) as known (schema, name)
    join pg_namespace n on n.nspname = known.schema
    join pg_class c on c.relnamespace = n.oid and c.relname = known.name)`;

const EXTRAS = `with known as ${BACKED_UP}
  select c.oid::regclass::text as name, n.nspname as schema, c.relispartition as partition
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${OF_USERS} and c.oid not in (select oid from known) order by 1`;

/** By a foreign key, or as the heir of a table. */
const BOUND = `with known as ${BACKED_UP},
    bound as (select conrelid as oid, confrelid as target from pg_constraint where contype = 'f'
      union select i.inhrelid, i.inhparent from pg_inherits i join pg_class h on h.oid = i.inhrelid where not h.relispartition)
  select distinct c.oid::regclass::text as name, known.name as to
  from bound b join pg_class c on c.oid = b.oid join pg_namespace n on n.oid = c.relnamespace
    join known on known.oid = b.target
  where ${OF_USERS} and c.oid not in (select oid from known) order by 1`;
