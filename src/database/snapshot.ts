// One moment of a database, held open: pg_dump reads it, and the counts in the manifest are taken in the very same.
import type pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import type { DatabaseFacts } from '../domain/manifest.js';
import { readFacts } from './facts.js';
import { withSession } from './session.js';

export interface HeldSnapshot {
  /** For `pg_dump --snapshot`; good while it is held. */
  id: string;
  /** The server's clock right after the export: ISO 8601. */
  takenAt: string;
  /** Seen in this snapshot, the rows of every table included. One call at a time. */
  facts(): Promise<DatabaseFacts>;
}

/**
 * Holds an exported snapshot open while `use` runs. When the session that holds it is ended by the server, the failure
 * of `use` that follows is reported as that; an abort ends the session, and with it a count that is running.
 */
export const withSnapshot = <T>(
  target: DatabaseTarget,
  options: { applicationName: string; signal: AbortSignal },
  use: (snapshot: HeldSnapshot) => Promise<T>,
): Promise<T> =>
  withSession(target, options, async (client) => {
    const lost: Error[] = [];
    client.on('error', (error: Error) => lost.push(error));
    const snapshot = await exportSnapshot(client, target);
    try {
      return await use(snapshot);
    } catch (error) {
      if (lost[0] === undefined || options.signal.aborted) throw error;
      throw new Failure(
        'DATABASE_UNREACHABLE',
        `the session that held the snapshot ended: ${lost[0].message}`,
        {
          hint: 'the dump starts again from a new snapshot',
          cause: error,
        },
      );
    }
  });

const exportSnapshot = async (client: pg.Client, target: DatabaseTarget): Promise<HeldSnapshot> => {
  await client.query('begin isolation level repeatable read read only');
  const exported = await client.query<{ id: string }>('select pg_export_snapshot() as id');
  const clock = await client.query<{ now: Date }>('select clock_timestamp() as now');
  const [id, now] = [exported.rows[0]?.id, clock.rows[0]?.now];
  if (id === undefined || now === undefined) throw new Error('the server exported no snapshot');
  const takenAt = now.toISOString();
  const { name, database } = target;
  return { id, takenAt, facts: () => readFacts(client, { name, database, snapshotAt: takenAt }) };
};
