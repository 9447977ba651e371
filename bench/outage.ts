// What 20 clients of a database see while it is replaced: each writes and reads, and connects again when it is cut off.
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

const CLIENTS = 20;
const BUSY_EVERY_MS = 20;
const RECONNECT_MS = 5;

export interface Outage {
  /** From the last success on the old database to the first one on the new, whichever clients had them. */
  seconds: number;
  /** Connections and statements that failed meanwhile. */
  failures: number;
}

/** Keeps the clients busy while `replace` runs and until all of them are on the new database. */
export const outageDuring = async (url: string, replace: () => Promise<void>): Promise<Outage> => {
  const watch = {
    lastByDatabase: new Map<string, number>(),
    firstByDatabase: new Map<string, number>(),
    failures: 0,
  };
  let running = true;
  const clients = Array.from({ length: CLIENTS }, (_, index) =>
    keepBusy(url, index + 1, watch, () => running),
  );
  try {
    await replace();
    await pause(500);
  } finally {
    running = false;
    await Promise.all(clients);
  }
  const [old, replaced] = [...watch.firstByDatabase.keys()];
  if (old === undefined || replaced === undefined) throw new Error('the clients saw no other database');
  const gap = (watch.firstByDatabase.get(replaced) ?? 0) - (watch.lastByDatabase.get(old) ?? 0);
  return { seconds: Math.max(0, gap) / 1000, failures: watch.failures };
};

interface Watch {
  firstByDatabase: Map<string, number>;
  lastByDatabase: Map<string, number>;
  failures: number;
}

const keepBusy = async (
  url: string,
  account: number,
  watch: Watch,
  running: () => boolean,
): Promise<void> => {
  while (running()) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      while (running()) {
        note(watch, await work(client, account));
        await pause(BUSY_EVERY_MS);
      }
    } catch {
      watch.failures += 1;
      await pause(RECONNECT_MS);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
};

/** @returns the oid of the database that answered: renamed or not, it tells the old from the new */
const work = async (client: pg.Client, account: number): Promise<string> => {
  await client.query('UPDATE accounts SET balance = balance + 1 WHERE aid = $1', [account]);
  const { rows } = await client.query<{ oid: number }>(
    'SELECT (SELECT oid FROM pg_database WHERE datname = current_database()) AS oid FROM accounts WHERE aid = $1',
    [account],
  );
  return String(rows[0]?.oid);
};

const note = (watch: Watch, database: string): void => {
  const now = performance.now();
  if (!watch.firstByDatabase.has(database)) watch.firstByDatabase.set(database, now);
  watch.lastByDatabase.set(database, now);
};
