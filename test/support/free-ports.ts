// Ports that nobody listens on, for what cannot choose one by itself.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { listening, portOf } from './listening.js';

export const freePort = async (): Promise<number> => (await freePorts(1))[0] ?? 0;

/** Different ones: all are held before any is let go. @param below leaves out this one and all above */
export const freePorts = async (count: number, below = Number.POSITIVE_INFINITY): Promise<number[]> => {
  const servers: Server[] = [];
  const fitting = () => servers.map(portOf).filter((port) => port < below);
  while (fitting().length < count) {
    const server = createServer();
    await listening(server);
    servers.push(server);
  }
  const ports = fitting();
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  return ports;
};
