// A PostgreSQL server of a test's own, in a temporary folder, on a free port. It ends with stop(), and with the
// process that started it. It runs as root too, then under another account.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-ports.js';
import { serverAccount } from './postgres-installation.js';
import { initialize, launch, type Server, type ServerPlace } from './postgres-server.js';

export interface ClusterOptions {
  /** Server settings, over the quick and unsafe ones of a test. */
  settings?: Record<string, string>;
  superuser?: string;
  password?: string;
  /** Keeps the data here, and starts again from it; otherwise a temporary folder that stop() removes. */
  folder?: string;
  port?: number;
}

export interface Cluster {
  host: string;
  port: number;
  user: string;
  password: string;
  socketFolder: string;
  url(database: string): string;
  query(database: string, sql: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

/** A running cluster that accepts connections; the superuser logs in with a password, over TCP and the socket. */
export const startCluster = async (options: ClusterOptions = {}): Promise<Cluster> => {
  const place = await preparePlace(options);
  if (!existsSync(join(place.folder, 'data', 'PG_VERSION'))) await initialize(place);
  const server = launch(place, options.settings ?? {});
  const stop = async () => {
    await server.stop();
    if (!place.kept) await rm(place.folder, { recursive: true, force: true });
    if (place.socketFolder !== place.folder) await rm(place.socketFolder, { recursive: true, force: true });
  };
  try {
    await accepting(place, server);
  } catch (error) {
    await stop();
    throw error;
  }
  const { socketFolder, user, password, port } = place;
  return {
    host: HOST,
    port,
    user,
    password,
    socketFolder,
    url: (database) =>
      `postgresql://${encodeURIComponent(user)}:${encodeURIComponent(password)}@${HOST}:${port}/${encodeURIComponent(database)}`,
    query: (database, sql) => query(place, database, sql),
    stop,
  };
};

const HOST = '127.0.0.1';

const preparePlace = async (options: ClusterOptions): Promise<ServerPlace> => {
  const account = serverAccount();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'holdfast-pg-')));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The path of a socket has room for about a hundred bytes.
  const socketFolder = folder.length < 80 ? folder : await mkdtemp('/tmp/holdfast-socket-');
  for (const made of new Set([folder, socketFolder]))
    if (account) await chown(made, account.uid, account.gid);
  return {
    account,
    folder,
    socketFolder,
    kept: options.folder !== undefined,
    user: options.superuser ?? 'postgres',
    password: options.password ?? (await keptPassword(folder)) ?? randomBytes(12).toString('hex'),
    port: options.port ?? (await freePort()),
  };
};

const keptPassword = (folder: string): Promise<string | undefined> =>
  readFile(join(folder, 'password'), 'utf8').catch(() => undefined);

const query = async (place: ServerPlace, database: string, sql: string) => {
  const client = await connect(place, database);
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
};

const connect = async ({ user, password, port }: ServerPlace, database: string): Promise<pg.Client> => {
  const client = new pg.Client({ host: HOST, port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const accepting = async (place: ServerPlace, server: Server): Promise<void> => {
  for (const deadline = Date.now() + 30_000; ; await pause(20)) {
    try {
      return await (await connect(place, 'postgres')).end();
    } catch (error) {
      if (!server.isGone() && Date.now() < deadline) continue;
      const log = await readFile(join(place.folder, 'server.log'), 'utf8').catch(() => '');
      throw new Error(`PostgreSQL did not start: ${log.slice(-2000)}`, { cause: error });
    }
  }
};
