// A remote on loopback, served by rclone itself: for what is asked of a server, and of the network in between.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { vi } from 'vitest';
import { openRepository } from '../../src/repositories/open-repository.js';
import type { RepositoryUnderTest } from '../contract/repository-suite.js';
import { freePort } from './free-ports.js';

export type Served = 'sftp' | 'webdav';

export interface RcloneServer {
  /** A fresh and empty repository on it. */
  create(): Promise<RepositoryUnderTest>;
  stop(): Promise<void>;
}

const PASSWORD = 'loopback';

/** As rclone keeps passwords. */
const obscured = (): string => execFileSync('rclone', ['obscure', PASSWORD], { encoding: 'utf8' }).trim();

const CONFIGURED: Record<Served, (port: number) => string> = {
  sftp: (port) =>
    `type = sftp\nhost = 127.0.0.1\nport = ${port}\nuser = anyone\npass = ${obscured()}\nshell_type = none\n`,
  // As one that takes streams: for others rclone spools to the disk first.
  webdav: (port) => `type = webdav\nurl = http://127.0.0.1:${port}\nvendor = owncloud\n`,
};

/** Sets RCLONE_CONFIG. */
export const startRcloneServer = async (kind: Served): Promise<RcloneServer> => {
  const folder = await mkdtemp(join(tmpdir(), `holdfast-rclone-${kind}-`));
  const served = join(folder, 'served');
  await mkdir(served);
  const port = await freePort();
  process.env.RCLONE_CONFIG = join(folder, 'rclone.conf');
  await writeFile(process.env.RCLONE_CONFIG, `[far]\n${CONFIGURED[kind](port)}`, { mode: 0o600 });
  const server = serve(kind, served, port);
  await vi.waitFor(() => connected(port), { timeout: 60_000, interval: 50 });
  let repositories = 0;
  return {
    create: async () => {
      const name = `backups${++repositories}`;
      return underTest(`far:${name}`, join(served, name));
    },
    stop: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const serve = (kind: Served, folder: string, port: number): ChildProcess => {
  const login = kind === 'sftp' ? ['--user=anyone', `--pass=${PASSWORD}`] : [];
  const args = ['serve', kind, folder, `--addr=127.0.0.1:${port}`, '--dir-cache-time=0s', ...login];
  return spawn('rclone', args, { stdio: 'ignore' });
};

const underTest = (remote: string, folder: string): RepositoryUnderTest => {
  const settings = { kind: 'rclone' as const, name: 'offsite', remote };
  return {
    settings,
    repository: openRepository(settings),
    resumes: false,
    everything: () => filesBelow(folder),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};

/** Paths relative to the folder; none while it is not there. */
export const filesBelow = async (folder: string): Promise<string[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => !entry.isDirectory());
  return files.map((file) => relative(folder, join(file.parentPath, file.name))).sort();
};

const connected = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', reject).once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
