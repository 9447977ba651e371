// A PostgreSQL server of a test's own. It ends with stop() and with the process that started it, however that one
// ends: a small shell watches a pipe from it, and its end stops the server and removes the folder.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

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
  const programs = serverPrograms();
  const account = serverAccount();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'holdfast-pg-')));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
  const socketFolder = folder.length < 80 ? folder : await mkdtemp('/tmp/holdfast-socket-');
  if (account) await chown(socketFolder, account.uid, account.gid);
  const user = options.superuser ?? 'postgres';
  const password = options.password ?? (await keptPassword(folder)) ?? randomBytes(12).toString('hex');
  const port = options.port ?? (await freePort());
  const place = { programs, account, folder, socketFolder, user, password, port };
  if (!existsSync(join(folder, 'data', 'PG_VERSION'))) await initialize(place);
  const watcher = launch(place, options);
  const connect = connector(place);
  try {
    await accepting(connect, watcher, folder);
  } catch (error) {
    await stop(watcher, place, options);
    throw error;
  }
  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    socketFolder,
    url: (database) =>
      `postgresql://${encodeURIComponent(user)}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    query: async (database, sql) => {
      const client = await connect(database);
      try {
        return (await client.query<Record<string, unknown>>(sql)).rows;
      } finally {
        await client.end();
      }
    },
    stop: () => stop(watcher, place, options),
  };
};

interface Place {
  programs: string;
  account: { uid: number; gid: number } | undefined;
  folder: string;
  socketFolder: string;
  user: string;
  password: string;
  port: number;
}

/** The folder of initdb and postgres: the newest of Debian's, of the PATH, of Homebrew's. */
const serverPrograms = (): string => {
  const places = [
    ...versioned('/usr/lib/postgresql', (name) => `/usr/lib/postgresql/${name}/bin`),
    ...versioned('/usr', (name) => (name.startsWith('pgsql-') ? `/usr/${name}/bin` : '')),
    ...(process.env.PATH ?? '').split(':'),
    ...['/opt/homebrew/opt', '/usr/local/opt'].flatMap((opt) =>
      versioned(opt, (name) => (name.startsWith('postgresql') ? `${opt}/${name}/bin` : '')),
    ),
  ];
  const found = places.find(
    (place) => place !== '' && existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')),
  );
  if (found === undefined) throw new Error('no PostgreSQL server is installed (initdb, postgres)');
  return found;
};

const versioned = (folder: string, place: (name: string) => string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
        .map(place)
    : [];

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`. */
const serverAccount = (): Place['account'] => {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map((flag) => numberOf(flag, name));
    if (ids[0] !== undefined && ids[1] !== undefined) return { uid: ids[0], gid: ids[1] };
  }
  throw new Error('there is neither a user postgres nor a user nobody');
};

const numberOf = (flag: string, name: string): number | undefined => {
  try {
    return Number(
      execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return undefined;
  }
};

const keptPassword = (folder: string): Promise<string | undefined> =>
  readFile(join(folder, 'password'), 'utf8').catch(() => undefined);

const initialize = async ({ programs, account, folder, user, password }: Place): Promise<void> => {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  await chmod(passwordFile, 0o600);
  if (account) await chown(passwordFile, account.uid, account.gid);
  const args = ['-D', join(folder, 'data'), '-U', user, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  execFileSync(join(programs, 'initdb'), [...args, '--encoding=UTF8', '--no-locale', '--no-sync'], {
    ...account,
    cwd: '/',
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
};

/** $1 is what happens to the folder, $2 the folder, $3 the signal; the server itself follows. */
const WATCH = `trap '' HUP INT TERM
after=$1 folder=$2 signal=$3; shift 3
"$@" </dev/null >>"$folder/server.log" 2>&1 &
server=$!
exec 3>&-
cat >/dev/null
kill -s "$signal" "$server" 2>/dev/null
wait "$server"
if [ "$after" = remove ]; then rm -rf "$folder"; fi`;

const launch = (place: Place, options: ClusterOptions): ChildProcess => {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(place.port),
    unix_socket_directories: `"${place.socketFolder}"`,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_prepared_transactions: '5',
    ...options.settings,
  };
  const server = [join(place.programs, 'postgres'), '-D', join(place.folder, 'data')];
  for (const [name, value] of Object.entries(settings)) server.push('-c', `${name}=${value}`);
  const then =
    options.folder === undefined ? ['remove', place.folder, 'QUIT'] : ['keep', place.folder, 'INT'];
  return spawn('sh', ['-c', WATCH, 'watch', ...then, ...server], {
    ...place.account,
    cwd: '/',
    env: environment(),
    detached: true,
    // The server alone holds the fourth: its end says that the server is gone.
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
  });
};

const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' });

const connector = (place: Place) => async (database: string) => {
  const { user, password, port } = place;
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};

const accepting = async (
  connect: (database: string) => Promise<pg.Client>,
  watcher: ChildProcess,
  folder: string,
): Promise<void> => {
  let gone = false;
  const alive = watcher.stdio[3];
  if (alive && 'resume' in alive) alive.on('close', () => (gone = true)).resume();
  for (const deadline = Date.now() + 30_000; ; ) {
    try {
      return await (await connect('postgres')).end();
    } catch (error) {
      if (!gone && Date.now() < deadline) await pause(20);
      else {
        const log = await readFile(join(folder, 'server.log'), 'utf8').catch(() => '');
        throw new Error(`PostgreSQL did not start: ${log.slice(-2000)}`, { cause: error });
      }
    }
  }
};

const stop = async (watcher: ChildProcess, place: Place, options: ClusterOptions): Promise<void> => {
  if (watcher.exitCode === null && watcher.signalCode === null) {
    const ended = once(watcher, 'exit');
    watcher.stdin?.end();
    await ended;
  }
  if (options.folder === undefined) await rm(place.folder, { recursive: true, force: true });
  if (place.socketFolder !== place.folder) await rm(place.socketFolder, { recursive: true, force: true });
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
};
