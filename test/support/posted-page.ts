// A web server of a test's own on loopback, which keeps what is posted to it.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Posted {
  method: string;
  /** With the query. */
  path: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

export interface PostedPage {
  /** `http://127.0.0.1:PORT` */
  url: string;
  posted: Posted[];
  /** A status; or it stays silent. */
  answer(next: number | 'nothing'): void;
  close(): Promise<void>;
}

export const postedPage = async (): Promise<PostedPage> => {
  const posted: Posted[] = [];
  let now: number | 'nothing' = 200;
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method = '', url = '', headers } = request;
      posted.push({ method, path: url, headers, body });
      if (now !== 'nothing') response.writeHead(now, { location: '/elsewhere' }).end('OK');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    posted,
    answer: (next) => {
      now = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};
