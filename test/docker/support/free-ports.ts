// Ports that nobody listens on, for what cannot choose by itself.
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Two different ones: both are held before either is let go. */
export const freePorts = async (): Promise<[number, number]> => {
  const servers = [await listening(), await listening()] as const;
  const ports = servers.map(portOf);
  for (const server of servers) {
    server.close();
    await once(server, 'close');
  }
  return [ports[0] ?? 0, ports[1] ?? 0];
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
