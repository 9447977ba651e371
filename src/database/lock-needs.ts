// One transaction that replaces everything locks everything: the server's lock table must have room for it.
import type pg from 'pg';
import { Failure } from '../domain/failure.js';
import type { DatabaseFacts } from '../domain/manifest.js';

export interface LockNeeds {
  /** Locks that the restore, or the way back, holds at its end. */
  needed: number;
  perTransaction: number;
  /** max_connections and max_prepared_transactions. */
  transactions: number;
}

/** The catalogues themselves, and what else the sessions of a server hold meanwhile. */
const OTHERS = 50;

/** A table, its TOAST table and that one's index, and an index of its own. */
const RELATIONS_OF_A_TABLE = 4;

/** What is dropped, what is made, and every large object: of the live side or the backup's, whichever has more. */
export const locksNeeded = (
  live: { dropped: number; made: number; largeObjects: number },
  { tables, largeObjects }: Pick<DatabaseFacts, 'tables' | 'largeObjects'>,
): number =>
  OTHERS +
  live.dropped +
  Math.max(live.made, RELATIONS_OF_A_TABLE * tables.length) +
  Math.max(live.largeObjects, largeObjects);

/** @throws DATABASE_NOT_READY with the value that the setting must have */
export const requireLocks = (database: string, { needed, perTransaction, transactions }: LockNeeds): void => {
  const room = perTransaction * transactions;
  if (needed <= room) return;
  throw new Failure(
    'DATABASE_NOT_READY',
    `one transaction that replaces ${database} needs about ${needed} locks, and the server has room for ${room}`,
    {
      hint: `set max_locks_per_transaction to ${Math.ceil(needed / transactions)} or more (it is ${perTransaction}) and restart the server, or restore without --in-place`,
    },
  );
};

export const countLocks = async (client: pg.Client, facts: DatabaseFacts): Promise<LockNeeds> => {
  const { rows } =
    await client.query<Record<'dropped' | 'made' | 'large' | 'locks' | 'slots', string>>(COUNTS);
  const [row] = rows;
  const live = {
    dropped: Number(row?.dropped),
    made: Number(row?.made),
    largeObjects: Number(row?.large),
  };
  return {
    needed: locksNeeded(live, facts),
    perTransaction: Number(row?.locks),
    transactions: Number(row?.slots),
  };
};

/**
 * People's objects have oids from 16384. What is dropped is locked with everything that belongs to it; of what is made only
 * tables, their indexes and functions are. Measured: 1,593 locks for a schema and its large objects of which this says 1,635.
 */
const COUNTS = `select
    (select count(*) from pg_class where oid >= 16384 and relpersistence <> 't')
      + (select count(*) from pg_proc where oid >= 16384) as made,
    (select count(*) from pg_class where oid >= 16384 and relpersistence <> 't')
      + (select count(*) from pg_type where oid >= 16384)
      + (select count(*) from pg_constraint where oid >= 16384)
      + (select count(*) from pg_attrdef where oid >= 16384)
      + (select count(*) from pg_trigger where oid >= 16384)
      + (select count(*) from pg_rewrite where oid >= 16384)
      + (select count(*) from pg_policy where oid >= 16384)
      + (select count(*) from pg_proc where oid >= 16384)
      + (select count(*) from pg_statistic_ext where oid >= 16384)
      + (select count(*) from pg_namespace where oid >= 16384) as dropped,
    (select count(*) from pg_largeobject_metadata) as large,
    current_setting('max_locks_per_transaction') as locks,
    current_setting('max_connections')::int + current_setting('max_prepared_transactions')::int as slots`;
