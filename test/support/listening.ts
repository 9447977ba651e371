// Servers of a test's own on loopback, at a port that is free.
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { Server } from 'node:net';

/** The port, once it listens. */
export const listening = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server);
};

export const portOf = (server: Server): number => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
};

export interface ListeningPage {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  /** Whoever still waits for an answer gets none. */
  close(): Promise<void>;
}

export const listeningPage = async (answer: RequestListener): Promise<ListeningPage> => {
  const server = createServer(answer);
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
