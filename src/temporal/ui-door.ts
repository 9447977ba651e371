// The door in front of the Temporal UI. The UI has a token against forms of other pages, but none against a page whose own name
// is made to point at this host (DNS rebinding): such a page counts as the UI's own, and could start and approve runs. It comes
// under a foreign Host, and is turned away here. The UI itself listens where it cannot be guessed.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

export interface UiPlace {
  host: string;
  port: number;
}

/** One of sixteen million addresses of this host, where all of them are (Linux). */
export const hiddenHost = (): string =>
  process.platform === 'linux'
    ? `127.${randomInt(1, 255)}.${randomInt(0, 256)}.${randomInt(1, 255)}`
    : '127.0.0.1';

export interface Door {
  port: number;
  close(): Promise<void>;
}

/** Listens on loopback until it is closed. @param wish another free port is taken where this one is not */
export const openDoor = async (wish: number, ui: UiPlace): Promise<Door> => {
  const server = createServer((asked, answer) => {
    if (isHere(asked.headers.host) && comesFromHere(asked.headers.origin)) passOn(asked, answer, ui);
    else turnAway(answer);
  });
  server.listen(wish, '127.0.0.1');
  await once(server, 'listening').catch(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : wish,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

const HERE = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whatever the port is: it may be forwarded from elsewhere. */
const isHere = (host: string | undefined): boolean => {
  const url = `http://${host ?? ''}`;
  return host !== undefined && URL.canParse(url) && HERE.has(new URL(url).hostname);
};

const comesFromHere = (origin: string | undefined): boolean =>
  origin === undefined || (URL.canParse(origin) && HERE.has(new URL(origin).hostname));

const turnAway = (answer: ServerResponse): void => {
  answer.writeHead(403, { 'content-type': 'text/plain; charset=utf-8' });
  answer.end('This page answers as http://127.0.0.1 and http://localhost only.\n');
};

/** Without `authorization`: the UI asks for no token where there is one. */
const passOn = (asked: IncomingMessage, answer: ServerResponse, { host, port }: UiPlace): void => {
  const { authorization: _, ...headers } = asked.headers;
  const { method, url } = asked;
  const call = request({ host, port, method, path: url, headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers);
    answered.pipe(answer);
  });
  call.on('error', () => {
    if (answer.headersSent) answer.destroy();
    else answer.writeHead(502).end('The Temporal server does not answer.\n');
  });
  answer.on('close', () => call.destroy());
  asked.pipe(call);
};
