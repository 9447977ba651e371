// A mail server of a test's own on loopback, which keeps what it is sent and can be told to misbehave.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { listening, portOf } from './listening.js';

export interface Mail {
  from: string;
  to: string[];
  /** As it was sent: headers, an empty line, the text. */
  raw: string;
  /** Whoever signed in; empty: nobody did. */
  user: string;
  encrypted: boolean;
}

export interface MailServer {
  port: number;
  /** `smtp://127.0.0.1:PORT` */
  url: string;
  mails: Mail[];
  /** `refuse`: sender and receiver are told no, for good. `later`: to come back. */
  answer(next: 'take' | 'refuse' | 'later'): void;
  close(): Promise<void>;
}

/** @param login wants it, over an encrypted line only */
export const startMailServer = async ({
  login,
  port = 0,
}: {
  login?: { user: string; password: string };
  port?: number;
} = {}): Promise<MailServer> => {
  const mails: Mail[] = [];
  let answer: 'take' | 'refuse' | 'later' = 'take';
  const options: SMTPServerOptions = {
    ...(login === undefined ? { authOptional: true, disabledCommands: ['STARTTLS'] } : {}),
    onAuth: ({ username, password }, _session, done) =>
      username === login?.user && password === login?.password
        ? done(null, { user: username })
        : done(Object.assign(new Error('Invalid login'), { responseCode: 535 })),
    onMailFrom: (_address, _session, done) => {
      if (answer === 'take') return done();
      const responseCode = answer === 'refuse' ? 550 : 451;
      done(Object.assign(new Error(`not from you (${responseCode})`), { responseCode }));
    },
    onData: (stream, { envelope, user, secure }, done) => {
      void text(stream).then((raw) => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const to = envelope.rcptTo.map(({ address }) => address);
        mails.push({ from, to, raw, user: user === undefined ? '' : String(user), encrypted: secure });
        done();
      });
    },
  };
  const server = new SMTPServer(options);
  server.on('error', () => undefined);
  const listener = server.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  return {
    port: portOf(listener),
    url: `smtp://127.0.0.1:${portOf(listener)}`,
    mails,
    answer: (next) => {
      answer = next;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

/** Takes connections and never says a word. */
export const startSilentServer = async (): Promise<{ port: number; close: () => Promise<void> }> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  return {
    port: await listening(server),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

/** A mail's text with its encoding undone. */
export const textOf = ({ raw }: Mail): string => {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/content-transfer-encoding: base64/i.test(head)) return Buffer.from(body, 'base64').toString('utf8');
  return /quoted-printable/i.test(head) ? fromQuotedPrintable(body) : body.replaceAll('\r\n', '\n');
};

const fromQuotedPrintable = (body: string): string => {
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n');
};

/** A header in one line, decoded where it is not ASCII. */
export const headerOf = ({ raw }: Mail, name: string): string => {
  const [head = ''] = raw.split('\r\n\r\n');
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  const line = unfolded.find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`)) ?? '';
  return line.slice(name.length + 1).trim();
};
