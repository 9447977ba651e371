// One agent and one supervisor per state folder. The lock is a socket that the kernel closes with its process: nothing
// stays behind after a `kill -9`, and no pid has to be believed.
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { Failure } from '../../domain/failure.js';
import { replaceJson } from '../state-folder.js';
import { askToStay, type Call, type Callers, createCallers } from './lock-callers.js';

export type LockRole = 'agent' | 'supervisor';

export interface StateLock {
  callers: Callers;
  release(): Promise<void>;
}

/** Taken at once or not at all. @throws AGENT_RUNNING, with the pid of the holder */
export const lockStateFolder = async (state: string, role: LockRole): Promise<StateLock> => {
  await mkdir(state, { recursive: true, mode: 0o700 });
  const callers = createCallers();
  const server = await listen(await socketName(state, role), callers.answer);
  if (server === null) throw await alreadyRunning(state, role);
  await replaceJson(holderFile(state, role), { pid: process.pid, since: new Date().toISOString() });
  return {
    callers,
    release: async () => {
      callers.hangUp();
      await rm(holderFile(state, role), { force: true });
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};

export const isLocked = async (state: string, role: LockRole): Promise<boolean> => {
  const name = await socketName(state, role).catch(() => null);
  return name !== null && (await isAnswered(name));
};

/** Tells the holder that it is needed, until the call is hung up. null: nobody holds the lock, or its holder is about to end. */
export const callHolder = async (state: string, role: LockRole): Promise<Call | null> => {
  const name = await socketName(state, role).catch(() => null);
  return name === null ? null : askToStay(connect(name));
};

/** The holder's pid as it wrote it down; null when it has not (yet). */
export const lockHolder = async (state: string, role: LockRole): Promise<number | null> => {
  const text = await readFile(holderFile(state, role), 'utf8').catch(() => '');
  const pid = /"pid": (\d+)/.exec(text)?.[1];
  return pid === undefined ? null : Number(pid);
};

const holderFile = (state: string, role: LockRole): string => join(state, `${role}.json`);

const alreadyRunning = async (state: string, role: LockRole): Promise<Failure> => {
  const pid = await lockHolder(state, role);
  const who = role === 'agent' ? 'an agent' : 'holdfast up';
  const process = pid === null ? '' : ` (process ${pid})`;
  return new Failure('AGENT_RUNNING', `${who}${process} already serves the state folder ${state}`, {
    hint: 'stop it, or set state in holdfast.yaml to a folder of its own',
  });
};

/**
 * Named after the folder itself, whatever path leads to it. On Linux an abstract socket, which has no file; it is
 * seen only within one network namespace, so containers that share a state folder are not told apart by it.
 */
const socketName = async (state: string, role: LockRole): Promise<string> => {
  const { dev, ino } = await stat(state, { bigint: true });
  const name = `holdfast-${role}-${dev}-${ino}`;
  return process.platform === 'linux' ? `\0${name}` : `/tmp/${name}.sock`;
};

/** null when another process listens there. */
const listen = async (name: string, answer: (call: Socket) => void): Promise<Server | null> => {
  const server = await tryListen(name, answer);
  if (server !== null || name.startsWith('\0') || (await isAnswered(name))) return server;
  await rm(name, { force: true }); // a socket file whose process is gone
  return tryListen(name, answer);
};

const tryListen = (name: string, answer: (call: Socket) => void): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer(answer);
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    );
    server.listen(name, () => resolve(server));
    server.unref();
  });

/** A holder too busy to take the call has a full queue: that is an answer too. */
const isAnswered = (name: string): Promise<boolean> =>
  new Promise((resolve) => {
    const call = connect(name);
    call.once('connect', () => {
      call.destroy();
      resolve(true);
    });
    call.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EAGAIN'));
  });
