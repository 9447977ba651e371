// Where this host reaches a server that runs in a container. Its own address is up to twice as fast as a published port,
// whose bytes a proxy copies; but not every host has a way there (macOS, a firewall, an agent in a container).
import { createConnection } from 'node:net';
import { Failure } from '../domain/failure.js';
import type { Container } from './docker.js';

export interface Address {
  host: string;
  port: number;
}

/** @param port the one inside. @throws DATABASE_UNREACHABLE when the container does not run, or has no address */
export const containerAddress = async (container: Container, port: number): Promise<Address> => {
  if (container.state !== 'running') throw notRunning(container);
  const [first, ...others] = addresses(container, port);
  if (first === undefined)
    throw new Failure(
      'DATABASE_UNREACHABLE',
      `container ${container.name} has no address: its network is ${container.networkMode}`,
      { hint: `publish its port ${port}, or put it in a network`, retryable: false },
    );
  for (const address of others.length === 0 ? [] : [first, ...others]) {
    if (await answers(address)) return address;
  }
  return others.at(-1) ?? first;
};

/** The fastest first. */
export const addresses = (container: Container, port: number): Address[] => [
  ...(container.networkMode === 'host' ? [{ host: '127.0.0.1', port }] : []),
  ...container.addresses.map((host) => ({ host, port })),
  ...container.ports
    .filter((published) => published.container === port)
    .map(({ hostAddress, host }) => ({ host: ANY_ADDRESS[hostAddress] ?? hostAddress, port: host })),
];

const ANY_ADDRESS: Readonly<Record<string, string>> = {
  '': '127.0.0.1',
  '0.0.0.0': '127.0.0.1',
  '::': '::1',
};

const notRunning = ({ name, state }: Container): Failure =>
  new Failure('DATABASE_UNREACHABLE', `container ${name} is ${state}`, {
    hint: state === 'paused' ? `let it run: docker unpause ${name}` : `start it: docker start ${name}`,
  });

const WITHIN_MS = 1_000;

const answers = ({ host, port }: Address): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host, port });
    const end = (connected: boolean): void => {
      socket.destroy();
      resolve(connected);
    };
    socket.setTimeout(WITHIN_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
