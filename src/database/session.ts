// One session with a server: opened, made independent of role and database settings, closed whatever happens.
import pg from 'pg';
import type { DatabaseTarget } from '../config/targets.js';
import { connectionConfigs } from './connection.js';
import { databaseFailure } from './database-failure.js';

export interface SessionOptions {
  /** Default: the target's own. */
  database?: string;
  /** What fencing finds this session by. */
  applicationName: string;
  /** Ends the session on the server too, not only here. */
  signal?: AbortSignal;
}

/**
 * Runs `use` with a session. Timeouts are off, time is UTC, names resolve in pg_catalog only, and row level security
 * fails instead of hiding rows. Throws Failures for what the server and the connection say, else what `use` throws.
 */
export const withSession = async <T>(
  target: DatabaseTarget,
  options: SessionOptions,
  use: (client: pg.Client) => Promise<T>,
): Promise<T> => {
  const { signal } = options;
  const database = options.database ?? target.database;
  const lost: Error[] = [];
  let client: pg.Client | undefined;
  let ending: Promise<void> | undefined;
  const end = () => {
    ending = client && endOnServer(target, client);
  };
  try {
    signal?.throwIfAborted();
    client = await connect(target, { ...options, database }, lost);
    signal?.addEventListener('abort', end);
    signal?.throwIfAborted();
    await prepare(client);
    return await use(client);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw databaseFailure(reasonOf(error, lost), target, database);
  } finally {
    signal?.removeEventListener('abort', end);
    await ending;
    await client?.end().catch(() => undefined);
  }
};

/** The database to connect to where the targets' own must stay free. */
export const maintenanceDatabase = (targets: readonly Pick<DatabaseTarget, 'database'>[]): string =>
  targets.some(({ database }) => database === 'postgres') ? 'template1' : 'postgres';

/** The server's own words, when node-postgres only says that the connection is gone. */
const reasonOf = (error: unknown, lost: readonly Error[]): unknown =>
  error instanceof Error && /^(Connection terminated|Client (has encountered|was closed))/.test(error.message)
    ? (lost[0] ?? error)
    : error;

const connect = async (
  target: DatabaseTarget,
  choice: { database: string; applicationName: string },
  lost: Error[],
): Promise<pg.Client> => {
  const configs = await connectionConfigs(target, choice);
  for (const [index, config] of configs.entries()) {
    const client = new pg.Client(config);
    // Without a listener a session that the server ends would end this process.
    client.on('error', (error) => lost.push(error));
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (index === configs.length - 1 || !isRefusalOf(config.ssl, error)) throw error;
      lost.length = 0;
    }
  }
  throw new Error('no way to connect was tried');
};

const isRefusalOf = (ssl: pg.ClientConfig['ssl'], error: unknown): boolean =>
  ssl === false
    ? error instanceof pg.DatabaseError && error.code === '28000'
    : error instanceof Error && error.message === 'The server does not support SSL connections';

/** `transaction_timeout` and others exist on some majors only; GMT is the one zone that every server knows. A commit here is never lost to a power failure. */
const SETTINGS = `select set_config(s.name, v.value, false)
  from (values ('statement_timeout', '0'), ('lock_timeout', '0'), ('transaction_timeout', '0'),
    ('idle_in_transaction_session_timeout', '0'), ('idle_session_timeout', '0'),
    ('TimeZone', 'GMT'), ('DateStyle', 'ISO'), ('row_security', 'off'),
    ('default_transaction_read_only', 'off'), ('default_transaction_isolation', 'read committed'),
    ('synchronous_commit', 'local')) as v (name, value)
  join pg_settings s on s.name = v.name
  where s.name <> 'synchronous_commit' or s.setting = 'off'`;

const prepare = async (client: pg.Client): Promise<void> => {
  // Alone and first: the role's own timeout covers a whole message.
  await client.query('set statement_timeout = 0');
  await client.query(`select pg_catalog.set_config('search_path', '', false)`);
  await client.query(SETTINGS);
};

/** A client that only hangs up leaves its query running: the server notices at its end. */
const endOnServer = async (target: DatabaseTarget, client: pg.Client): Promise<void> => {
  const pid = 'processID' in client ? client.processID : null;
  const { database = target.database } = client;
  const choice = { database, applicationName: 'holdfast:cancel' };
  try {
    const canceller = await connect(target, choice, []);
    await canceller.query('select pg_catalog.pg_terminate_backend($1)', [pid]);
    await canceller.end();
  } catch {
    // It cannot be reached: then hanging up is all that is left.
    await client.end().catch(() => undefined);
  }
};
