// A web server of a test's own, whose one page is what the test says.
import { once } from 'node:events';
import { createServer, type OutgoingHttpHeaders } from 'node:http';

export interface Answer {
  status?: number;
  headers?: OutgoingHttpHeaders;
  body?: string;
}

export interface ServedPage {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  /** `nothing`: it takes the request and stays silent. `hang up`: it closes the connection. */
  answer(next: Answer | 'nothing' | 'hang up'): void;
  /** Paths that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

export const servedPage = async (): Promise<ServedPage> => {
  let now: Answer | 'nothing' | 'hang up' = {};
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (now === 'hang up') request.socket.destroy();
    else if (now !== 'nothing') response.writeHead(now.status ?? 200, now.headers).end(now.body ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    answer: (next) => {
      now = next;
    },
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
