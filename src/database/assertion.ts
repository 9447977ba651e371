// One question of its owner's to a database that was just restored: it must give one row with one true value. It runs read-only,
// within a time, and as the application would ask it: with the settings of the database that was backed up.
import pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import type { DatabaseFacts } from '../domain/manifest.js';
import { withSession } from './session.js';

export interface Asked {
  query: string;
  /** Of the database that was backed up. */
  settings: DatabaseFacts['properties']['settings'];
  timeoutMs: number;
  applicationName: string;
  signal: AbortSignal;
}

/** @throws ASSERTION_FAILED with what it gave, or the error that it raised */
export const requireAssertion = (target: DatabaseTarget, asked: Asked): Promise<void> =>
  withSession(target, asked, async (client) => {
    await client.query('reset search_path');
    await client.query('begin read only');
    for (const { role, name, value } of asked.settings) if (role === null) await set(client, name, value);
    await client.query(`set local statement_timeout = ${Math.ceil(asked.timeoutMs)}`);
    await client.query('set transaction read only');
    const words = await wordsFor(client, asked);
    if (words === null) return;
    throw new Failure('ASSERTION_FAILED', `the assertion “${oneLine(asked.query)}” ${words}`);
  });

/** What only a superuser may set, or this server does not know, is left as it is. */
const set = async (client: pg.Client, name: string, value: string): Promise<void> => {
  await client.query('savepoint setting');
  try {
    await client.query('select pg_catalog.set_config($1, $2, true)', [name, value]);
  } catch {
    await client.query('rollback to savepoint setting');
  }
};

/** null: it holds. As one statement: a second one in it is refused. */
const wordsFor = async (client: pg.Client, { query }: Asked): Promise<string | null> => {
  try {
    const statement = { text: query, rowMode: 'array' as const, queryMode: 'extended' };
    const { rows, fields } = await client.query<unknown[]>(statement);
    const [value] = rows[0] ?? [];
    if (rows.length === 1 && fields.length === 1)
      return value === true ? null : `gave ${shown(value)} instead of true`;
    return `gave ${rows.length} rows of ${fields.length} columns instead of one value`;
  } catch (error) {
    if (error instanceof pg.DatabaseError && !/^(57P|08)/.test(error.code ?? ''))
      return `failed: ${error.message}`;
    throw error;
  }
};

const SHOWN = 200;

const oneLine = (query: string): string => cut(query.replace(/\s+/g, ' ').trim());

const shown = (value: unknown): string => cut(value === undefined ? 'nothing' : JSON.stringify(value));

const cut = (text: string): string => (text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`);
