// How many rows every table has: what ties a dump, its manifest and a restored database together.
import pg from 'pg';
import type { DatabaseFacts } from '../domain/manifest.js';

export type RowCounts = Pick<DatabaseFacts, 'tables' | 'largeObjects'>;

/**
 * Counts the rows of every table whose data pg_dump dumps, each table on its own (a parent without its heirs).
 * Row level security must be off in this session, so that a count fails rather than be too low.
 */
export const readRowCounts = async (client: pg.Client): Promise<RowCounts> => {
  const { rows: names } = await client.query<{ schema: string; name: string }>(DUMPED_TABLES);
  const tables: RowCounts['tables'] = [];
  for (const table of names) tables.push({ ...table, rows: await countTable(client, table) });
  const { rows } = await client.query<{ count: string }>('select count(*) from pg_largeobject_metadata');
  return { tables, largeObjects: Number(rows[0]?.count) };
};

/** One line for each difference; none when nothing differs. */
export const compareCounts = (expected: RowCounts, actual: RowCounts): string[] => {
  const before = byName(expected);
  const after = byName(actual);
  const lines = [...new Set([...before.keys(), ...after.keys()])].flatMap((table) => {
    const [wanted, found] = [before.get(table), after.get(table)];
    if (wanted === found) return [];
    if (found === undefined) return [`${table} is missing (${wanted} rows expected)`];
    if (wanted === undefined) return [`${table} is not in the backup (${found} rows)`];
    return [`${table} has ${found} rows instead of ${wanted}`];
  });
  return expected.largeObjects === actual.largeObjects
    ? lines
    : [...lines, `there are ${actual.largeObjects} large objects instead of ${expected.largeObjects}`];
};

/** Partitions are tables of their own; their parents hold no rows. An extension's tables are its own business. */
const DUMPED_TABLES = `select n.nspname as schema, c.relname as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and c.relpersistence <> 't'
    and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and not exists (select from pg_depend e
      where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
  order by 1, 2`;

const countTable = async (client: pg.Client, table: { schema: string; name: string }): Promise<number> => {
  const name = `${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`;
  const { rows } = await client.query<{ count: string }>(`select count(*) from only ${name}`);
  return Number(rows[0]?.count);
};

const byName = ({ tables }: RowCounts): Map<string, number> =>
  new Map(
    tables.map(({ schema, name, rows }) => [`${JSON.stringify(schema)}.${JSON.stringify(name)}`, rows]),
  );
