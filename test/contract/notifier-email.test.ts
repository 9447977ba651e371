import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headerOf, startMailServer, startSilentServer, textOf } from '../support/mail-server.js';
import { notifierSuite } from './notifier-suite.js';

notifierSuite('email', async () => {
  const server = await startMailServer();
  const silent = await startSilentServer();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-notify-'));
  const file = join(folder, 'smtp');
  const use = (port: number) => writeFile(file, `smtp://127.0.0.1:${port}\n`, { mode: 0o600 });
  await use(server.port);
  return {
    settings: {
      ...{
        id: 'email-1f3a99c0',
        kind: 'email',
        name: 'email 1',
        path: 'notify[0].email',
        on: ['failed'],
        deployments: null,
      },
      ...{ timeoutMs: 5_000, to: ['ops@example.com'], from: 'holdfast@example.com', smtp: `file:${file}` },
    },
    received: async () => server.mails.map((mail) => `${headerOf(mail, 'message-id')}\n${textOf(mail)}`),
    take: async () => {
      await use(server.port);
      server.answer('take');
    },
    refuse: async () => server.answer('refuse'),
    hang: () => use(silent.port),
    mark: '<end-5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11@web1.holdfast>',
    secret: 'smtp://',
    remove: async () => {
      await server.close();
      await silent.close();
      await rm(folder, { recursive: true });
    },
  };
});
