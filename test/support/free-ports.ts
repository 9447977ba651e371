// Ports that nobody listens on, for what cannot choose one by itself.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

export const freePort = async (): Promise<number> => (await freePorts(1))[0] ?? 0;

/** Different ones: all are held before any is let go. @param below leaves out this one and all above */
export const freePorts = async (count: number, below = Number.POSITIVE_INFINITY): Promise<number[]> => {
  const servers: Server[] = [];
  const fitting = () => servers.map(portOf).filter((port) => port < below);
  while (fitting().length < count) servers.push(await listening());
  const ports = fitting();
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  return ports;
};

const listening = async (): Promise<Server> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
};

const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
};
