// sql: a query whose first value is true.
import { unlessAborted } from '../tools/unless-aborted.js';
import type { HealthContext, Probe } from './health-check.js';

export const sqlProbe = (
  { database, query }: { database: string; query: string },
  run: HealthContext['query'],
): Probe => ({
  label: `${oneLine(query)} (database ${database})`,
  look: async (signal) => {
    const value = await unlessAborted(run(database, query, signal), signal);
    return value === true
      ? { ok: true, words: 'gave true' }
      : { ok: false, words: value === undefined ? 'gave no row' : `gave ${shown(value)} instead of true` };
  },
});

const SHOWN = 80;

const oneLine = (query: string): string => cut(query.replace(/\s+/g, ' ').trim());

const shown = (value: unknown): string => (value === null ? 'null' : cut(JSON.stringify(value)));

const cut = (text: string): string => (text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`);
