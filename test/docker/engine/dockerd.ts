// A Docker engine of the tests' own: everything it keeps lies in one folder, and nothing of it touches another engine on
// the machine. Root only.
import { execFileSync, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { freeAddressPool } from './address-pool.js';
import { MARK, sweep } from './sweep.js';

export interface Engine {
  /** Short: the path of a socket has room for about a hundred bytes. */
  folder: string;
  /** What DOCKER_HOST is. */
  host: string;
}

export const engineIn = (folder: string): Engine => ({ folder, host: `unix://${join(folder, 'd.sock')}` });

/** Returns when it answers. What a killed one left in the folder is swept first. */
export const startDockerd = async (engine: Engine): Promise<void> => {
  await mkdir(engine.folder, { recursive: true });
  await sweep(engine.folder);
  launch(engine, await poolOf(engine.folder));
  for (const deadline = Date.now() + 30_000; !(await answers(engine.host)); await pause(50)) {
    if (Date.now() < deadline) continue;
    const log = await readFile(join(engine.folder, 'dockerd.log'), 'utf8').catch(() => '');
    throw new Error(`the Docker engine did not start: ${log.slice(-2000)}`);
  }
};

/** A server says its version: to be there is not enough, it has to serve us. */
export const answers = async (host: string): Promise<boolean> => {
  const { failed } = await execa('docker', ['version'], {
    env: { DOCKER_HOST: host },
    reject: false,
    timeout: 5_000,
  });
  return !failed;
};

/** Ends it with SIGTERM, and whatever of it stays. */
export const stopDockerd = async ({ folder }: Engine): Promise<void> => {
  const pid = await dockerdPid(folder);
  if (pid !== null) {
    process.kill(pid, 'SIGTERM');
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await pause(50))
      if ((await dockerdPid(folder)) === null) break;
  }
  await sweep(folder);
};

/** The process that serves this folder, never one that merely has its number. */
export const dockerdPid = async (folder: string): Promise<number | null> => {
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '0'));
  if (pid === 0) return null;
  const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return words.split('\0').includes(join(folder, 'root')) ? pid : null;
};

/** Networks outlive a restart, so their addresses do too. */
const poolOf = async (folder: string): Promise<string> => {
  const file = join(folder, 'pool');
  const known = await readFile(file, 'utf8').catch(() => null);
  if (known !== null) return known;
  const pool = await freeAddressPool();
  await writeFile(file, pool);
  return pool;
};

/** Without a default bridge: two engines would fight over docker0, and compose makes networks of its own. */
const launch = ({ folder, host }: Engine, pool: string): void => {
  const log = openSync(join(folder, 'dockerd.log'), 'a');
  const args = [
    ...['--host', host, '--pidfile', join(folder, 'pid')],
    ...['--data-root', join(folder, 'root'), '--exec-root', join(folder, 'exec')],
    ...['--bridge', 'none', '--default-address-pool', `base=${pool},size=24`],
  ];
  const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`, [MARK]: folder };
  spawn(program('dockerd'), args, { cwd: '/', env, detached: true, stdio: ['ignore', log, log] }).unref();
};

const program = (name: string): string =>
  execFileSync('sh', ['-c', 'PATH=$PATH:/usr/sbin:/sbin command -v "$1"', 'which', name], {
    encoding: 'utf8',
  }).trim();
