// Asks a database one question of its owner's: a health check's, an assertion's. Nothing can be changed by it.
import type { DatabaseTarget } from '../config/targets.js';
import { withSession } from './session.js';

/** The first value of the first row; undefined where there is none. Names resolve as they do for the application. */
export const firstValue = (
  target: DatabaseTarget,
  sql: string,
  { applicationName, signal }: { applicationName: string; signal: AbortSignal },
): Promise<unknown> =>
  withSession(target, { applicationName, signal }, async (client) => {
    await client.query('reset search_path');
    await client.query('begin read only');
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    return rows[0]?.[0];
  });
