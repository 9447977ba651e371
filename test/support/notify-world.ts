// A state folder, a holdfast.yaml with notifiers, and an agent's teller, without an agent.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import type { Happening } from '../../src/domain/events.js';
import { createTeller, type Teller } from '../../src/operations/notify/tell.js';

export interface NotifyWorld {
  folder: string;
  state: string;
  config: Config;
  /** What tellers said. */
  said: string[];
  /** Moves the clock of every teller. */
  later: (ms: number) => void;
  now: () => Date;
  teller: (effect?: Effect) => Teller;
}

/** @param notify gets a function that keeps a secret in a file, and refers to it */
export const notifyWorld = async (
  notify: (secret: (text: string) => string) => unknown[],
  deployment: Record<string, unknown> = {},
): Promise<NotifyWorld> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-notify-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const secrets: [string, string][] = [];
  const secret = (text: string): string => {
    const file = join(folder, `secret-${secrets.length}`);
    secrets.push([file, text]);
    return `file:${file}`;
  };
  const text = stringify({
    state: join(folder, 'state'),
    timezone: 'UTC',
    repositories: { local: { local: join(folder, 'backups') } },
    notify: notify(secret),
    deployments: {
      edms: {
        files: { storage: join(folder, 'storage') },
        tiers: { daily: { schedule: '0 2 * * *', keep: 7, jitter: 'none' } },
        ...deployment,
      },
    },
  });
  for (const [file, value] of secrets) await writeFile(file, `${value}\n`, { mode: 0o600 });
  for (const name of ['state', 'backups', 'storage']) await mkdir(join(folder, name), { mode: 0o700 });
  const file = join(folder, 'holdfast.yaml');
  await writeFile(file, text, { mode: 0o600 });
  const config = await loadConfig({ file });
  const said: string[] = [];
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  return {
    folder,
    state: config.state,
    config,
    said,
    later: (ms) => {
      ahead += ms;
    },
    now,
    teller: (effect = runEffect) =>
      createTeller({
        ...{ state: config.state, effect, config, now },
        loadConfig: () => loadConfig({ file }),
        say: (line) => said.push(line),
      }),
  };
};

let ids = 0;

export const happened = (changed: Partial<Happening> = {}): Happening => {
  ids += 1;
  return {
    id: `end-${ids}`,
    kind: 'failed',
    ...{ deployment: 'edms', what: 'backup', tier: 'daily', at: new Date().toISOString() },
    run: { workflowId: 'holdfast.edms.backup', runId: '5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11' },
    ...{ cause: 'the disk is full', hint: 'free some space, then try again', log: '' },
    ...changed,
  };
};
