// A database that was just restored: what it holds, and statistics for its planner.
import type { DatabaseTarget } from '../config/targets.js';
import { type RowCounts, readRowCounts } from './row-counts.js';
import { withSession } from './session.js';

interface StagedOptions {
  database: string;
  applicationName: string;
  signal: AbortSignal;
}

/** Counted as they are in a snapshot's facts, to be compared with them. */
export const countRows = (target: DatabaseTarget, options: StagedOptions): Promise<RowCounts> =>
  withSession(target, options, async (client) => {
    await client.query('begin isolation level repeatable read read only');
    return readRowCounts(client);
  });

/** A restored database has no statistics, and plans badly until it has. */
export const analyze = (target: DatabaseTarget, options: StagedOptions): Promise<void> =>
  withSession(target, options, async (client) => {
    await client.query('analyze');
  });
