// Starts the programs that live long: the embedded Temporal server, the agent, `holdfast up --once`. Beside process.ts, which
// runs the tools of one step and waits for them, this is the only file that starts processes.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { Failure } from '../domain/failure.js';
import { lookUp } from './find-program.js';
import { processStartTime } from './process-group.js';

export interface DaemonOptions {
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** What it says goes here: a new file for every start, the one before is kept as `<log>.1`. */
  log: string;
  /** `pipe`: end of file tells it that this process is gone. */
  stdin?: 'pipe' | 'ignore';
  /** `pipe`: only stderr goes to the log. */
  stdout?: 'pipe' | 'log';
  /** Whether it outlives this process, or is killed with it (by the kernel on Linux, elsewhere it watches its stdin). */
  life: 'own' | 'with parent';
}

export interface Daemon {
  /** Also its process group. */
  pid: number;
  startTime: string;
  stdin: Writable | null;
  stdout: Readable | null;
  exited: Promise<DaemonExit>;
  /** null while it runs. */
  exit(): DaemonExit | null;
}

export interface DaemonExit {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
}

/** Starts a program in a session of its own, where a terminal's Ctrl-C does not reach it. @throws TOOL_MISSING */
export const startDaemon = async (options: DaemonOptions): Promise<Daemon> => {
  const log = await openLog(options.log);
  try {
    const child = await spawned(options, await commandLine(options), log.fd);
    return await asDaemon(child, options);
  } finally {
    await log.close();
  }
};

const openLog = async (path: string): Promise<FileHandle> => {
  await rename(path, `${path}.1`).catch(ignoreMissing);
  return open(path, 'a', 0o600);
};

const commandLine = async ({ program, args, life }: DaemonOptions): Promise<[string, ...string[]]> => {
  if (life === 'own' || process.platform !== 'linux') return [program, ...args];
  const setpriv = await lookUp('setpriv');
  return setpriv === null ? [program, ...args] : [setpriv, '--pdeathsig', 'KILL', '--', program, ...args];
};

const spawned = async (
  { program, env, stdin = 'ignore', stdout = 'log' }: DaemonOptions,
  [file, ...args]: [string, ...string[]],
  log: number,
): Promise<ChildProcess> => {
  const child = spawn(file, args, {
    env,
    detached: true,
    stdio: [stdin, stdout === 'pipe' ? 'pipe' : log, log],
  });
  try {
    await once(child, 'spawn');
    return child;
  } catch (error) {
    throw new Failure('TOOL_MISSING', `${program} cannot be started`, { cause: error });
  }
};

const asDaemon = async (child: ChildProcess, { life }: DaemonOptions): Promise<Daemon> => {
  let ended: DaemonExit | null = null;
  const exited = new Promise<DaemonExit>((resolve) => {
    child.once('exit', (exitCode, signal) => {
      ended = { exitCode, signal };
      resolve(ended);
    });
  });
  child.stdin?.on('error', () => undefined); // it may end without reading
  if (life === 'own') letGo(child);
  const pid = child.pid ?? 0;
  const startTime = (await processStartTime(pid)) ?? '';
  return { pid, startTime, stdin: child.stdin, stdout: child.stdout, exited, exit: () => ended };
};

/** This process may end although the other one runs on. */
const letGo = (child: ChildProcess): void => {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) if (stream instanceof Socket) stream.unref();
};

const ignoreMissing = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'ENOENT') throw error;
};
