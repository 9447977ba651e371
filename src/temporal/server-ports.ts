// Which ports the embedded server takes: those it had, else Temporal's usual ones, else any that are free.
import { createServer } from 'node:net';
import type { ServerRecord } from './server-record.js';

export type ServerPorts = Pick<ServerRecord, 'port' | 'httpPort' | 'uiPort'>;

const ANY = 0;

export const USUAL_PORTS: ServerPorts = { port: 7233, httpPort: 7243, uiPort: 8233 };

/** @param wishes tried in this order, each port on its own */
export const choosePorts = async (wishes: readonly ServerPorts[]): Promise<ServerPorts> => {
  const taken = new Set<number>();
  const choose = async (key: keyof ServerPorts): Promise<number> => {
    for (const wish of [...wishes.map((ports) => ports[key]), ANY, ANY, ANY]) {
      const port = await freePort(wish);
      if (port === null || taken.has(port)) continue;
      taken.add(port);
      return port;
    }
    throw new Error('no free port');
  };
  return { port: await choose('port'), httpPort: await choose('httpPort'), uiPort: await choose('uiPort') };
};

/** null when it is taken. */
const freePort = (wish: number): Promise<number | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(wish, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(port));
    });
  });
