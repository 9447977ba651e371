import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postedPage } from '../support/posted-page.js';
import { notifierSuite } from './notifier-suite.js';

const SECRET = '0f5dc7b7-83b1-4a3b-9df5-3fdf5d4f6d7a';

notifierSuite('ping', async () => {
  const page = await postedPage();
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-notify-'));
  const file = join(folder, 'url');
  await writeFile(file, `${page.url}/${SECRET}\n`, { mode: 0o600 });
  return {
    settings: {
      ...{ kind: 'ping', name: 'ping 1', path: 'notify[0].ping', on: ['failed'], deployments: null },
      ...{ timeoutMs: 5_000, url: `file:${file}` },
    },
    received: async () => page.posted.map(({ path, body }) => `${path}\n${body}`),
    take: async () => page.answer(200),
    refuse: async () => page.answer(404),
    hang: async () => page.answer('nothing'),
    mark: '?rid=5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11',
    secret: SECRET,
    remove: async () => {
      await page.close();
      await rm(folder, { recursive: true });
    },
  };
});
