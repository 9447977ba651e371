// The process of a test's PostgreSQL server. It ends with the process that started it, however that one ends: a small
// shell watches a pipe from it, and the pipe's end stops the server and removes the folder.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ServerAccount, serverPrograms } from './postgres-installation.js';

export interface ServerPlace {
  folder: string;
  /** Stays when the server ends. */
  kept: boolean;
  socketFolder: string;
  account: ServerAccount | undefined;
  user: string;
  password: string;
  port: number;
}

export interface Server {
  isGone(): boolean;
  stop(): Promise<void>;
}

/** Makes the data folder: initdb. */
export const initialize = async ({ account, folder, user, password }: ServerPlace): Promise<void> => {
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  await chmod(passwordFile, 0o600);
  if (account) await chown(passwordFile, account.uid, account.gid);
  const args = ['-D', join(folder, 'data'), '-U', user, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  execFileSync(join(serverPrograms(), 'initdb'), [...args, '--encoding=UTF8', '--no-locale', '--no-sync'], {
    ...account,
    cwd: '/',
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
};

/** Returns at once: the server does not accept connections yet. */
export const launch = (place: ServerPlace, settings: Record<string, string>): Server => {
  const watcher = spawnWatcher(place, settings);
  const ended = once(watcher, 'exit');
  let gone = false;
  const alive = watcher.stdio[3];
  if (alive && 'resume' in alive) alive.on('close', () => (gone = true)).resume();
  return {
    isGone: () => gone,
    stop: async () => {
      watcher.stdin?.end();
      await ended;
    },
  };
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

const spawnWatcher = (place: ServerPlace, settings: Record<string, string>): ChildProcess => {
  const all = {
    listen_addresses: '127.0.0.1',
    port: String(place.port),
    unix_socket_directories: `"${place.socketFolder}"`,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_prepared_transactions: '5',
    ...settings,
  };
  const server = [join(serverPrograms(), 'postgres'), '-D', join(place.folder, 'data')];
  for (const [name, value] of Object.entries(all)) server.push('-c', `${name}=${value}`);
  const then = place.kept ? ['keep', place.folder, 'INT'] : ['remove', place.folder, 'QUIT'];
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
