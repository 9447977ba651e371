// A port where somebody listens, nobody does, or somebody does who takes no more connections.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { freePort } from './free-ports.js';

export interface PortUnderTest {
  number: number;
  listen(): Promise<void>;
  /** Its queue is full: whoever connects from now on waits. */
  fill(): Promise<void>;
  close(): Promise<void>;
}

export const portUnderTest = async (): Promise<PortUnderTest> => {
  const number = await freePort();
  let listener: ChildProcess | undefined;
  const waiting: Socket[] = [];
  const close = async (): Promise<void> => {
    for (const socket of waiting.splice(0)) socket.destroy();
    if (listener === undefined) return;
    listener.kill('SIGKILL');
    await once(listener, 'close');
    listener = undefined;
  };
  const listen = async (): Promise<void> => {
    await close();
    listener = spawn(process.execPath, ['--eval', LISTENER, String(number)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (listener.stdout !== null) await once(listener.stdout, 'data');
  };
  const fill = async (): Promise<void> => {
    await listen();
    for (let count = 0; count < MORE_THAN_ITS_QUEUE; count += 1) {
      const socket = connect(number, '127.0.0.1').on('error', () => {});
      waiting.push(socket);
    }
    await Promise.all(waiting.slice(0, 2).map((socket) => once(socket, 'connect')));
  };
  return { number, listen, fill, close };
};

const MORE_THAN_ITS_QUEUE = 6;

/** Listens with room for one, and then accepts nobody: the kernel takes connections until the queue is full. */
const LISTENER = `
  require('node:net').createServer().listen({ port: Number(process.argv[1]), host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, 'listening');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
`;
