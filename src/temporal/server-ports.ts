// Which ports the embedded server takes: those it had, else Temporal's usual ones, else any that are free.
import { createServer } from 'node:net';
import type { ServerRecord } from './server-record.js';
import { hiddenHost } from './ui-door.js';

export type ServerPorts = Pick<ServerRecord, 'port' | 'httpPort' | 'uiPort' | 'ui'>;

type Wish = Pick<ServerRecord, 'port' | 'httpPort' | 'uiPort'>;

const ANY = 0;
const LOOPBACK = '127.0.0.1';

export const USUAL_PORTS: Wish = { port: 7233, httpPort: 7243, uiPort: 8233 };

/** @param wishes tried in this order, each port on its own; the UI’s own is always another one */
export const choosePorts = async (wishes: readonly Wish[]): Promise<ServerPorts> => {
  const taken = new Set<number>();
  const choose = async (wished: readonly number[], host = LOOPBACK): Promise<number> => {
    for (const wish of [...wished, ANY, ANY, ANY]) {
      const port = await freePort(wish, host);
      if (port === null || taken.has(port)) continue;
      taken.add(port);
      return port;
    }
    throw new Error('no free port');
  };
  const host = hiddenHost();
  return {
    port: await choose(wishes.map(({ port }) => port)),
    httpPort: await choose(wishes.map(({ httpPort }) => httpPort)),
    uiPort: await choose(wishes.map(({ uiPort }) => uiPort)),
    ui: { host, port: await choose([], host) },
  };
};

/** null when it is taken. */
const freePort = (wish: number, host: string): Promise<number | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(wish, host, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(port));
    });
  });
