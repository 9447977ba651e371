import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notifierSuite } from './notifier-suite.js';

/** Appends what it is given, and then does what a file tells it to. */
const SCRIPT = 'cat >> "$1/received"; . "$1/then"';

notifierSuite('command', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-notify-'));
  const then = (text: string) => writeFile(join(folder, 'then'), `${text}\n`);
  return {
    settings: {
      ...{
        id: 'command-1f3a99c0',
        kind: 'command',
        name: 'command 1',
        path: 'notify[0].command',
        on: ['failed'],
        deployments: null,
      },
      ...{ timeoutMs: 5_000, argv: ['sh', '-c', SCRIPT, 'tell', folder] },
    },
    received: async () => (await readFile(join(folder, 'received'), 'utf8')).trimEnd().split('\n'),
    take: () => then('exit 0'),
    refuse: () => then('echo nobody listens >&2; exit 3'),
    hang: () => then('exec sleep 60'),
    mark: '"id":"end-5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11"',
    secret: 'HOLDFAST_',
    remove: () => rm(folder, { recursive: true }),
  };
});
