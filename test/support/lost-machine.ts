// A host that made a backup and is gone: its server, its state, its configuration, its files. What is left is the
// repository, the sheet's public key, and the file with the secret key.
import { mkdir, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type Cluster, startCluster } from './postgres-cluster.js';
import { createScenario, type Scenario } from './scenario.js';
import { type Application, createApplications } from './scenario-application.js';
import { answerOf, backUp, type Command, type Ended, startCommand } from './scenario-commands.js';
import type { Live } from './scenario-live.js';

export interface LostMachine {
  scenario: Scenario;
  backup: string;
  /** What was live when the backup was made. */
  old: Live;
  live: Application['live'];
  /** The public signing key. */
  trust: string;
  /** Where `recover` has holdfast.yaml written. */
  config: string;
  /** The server that has nothing yet. */
  cluster: Cluster;
  /** `holdfast restore --from`, by default the repository's folder, on the new machine. */
  recover(args: readonly string[], how?: HowToRecover): Promise<Ended>;
  /** The same, not waited for. */
  start(args: readonly string[], how?: HowToRecover): Command;
  remove(): Promise<void>;
}

export interface HowToRecover {
  from?: string;
  env?: Record<string, string>;
}

export interface Before {
  /** Of the deployment. */
  settings?: (scenario: Scenario) => Record<string, unknown>;
  /** At the top of holdfast.yaml. */
  top?: (scenario: Scenario) => Promise<Record<string, unknown>>;
  /** Files of the host that are lost too. */
  lost?: readonly string[];
  /** More that the host had. */
  furnish?: (scenario: Scenario) => Promise<void>;
}

export const loseMachine = async (before: Before = {}): Promise<LostMachine> => {
  const first = await startCluster();
  const scenario = await createScenario(first);
  const application = await createApplications(scenario, (await before.top?.(scenario)) ?? {});
  const app = await application('edms', { settings: before.settings?.(scenario) ?? {} });
  await before.furnish?.(scenario);
  const backup = await backUp(scenario);
  const { signing } = await answerOf<{ signing: string }>(scenario, ['keys', 'show']);
  const old = await app.live();
  await first.stop();
  for (const name of ['state', 'holdfast.yaml', 'edms', ...(before.lost ?? [])])
    await rm(scenario.path(name), { recursive: true, force: true });
  const cluster = await startCluster({ port: first.port, password: first.password });
  const home = scenario.path('home');
  // The Temporal CLI belongs to what is installed.
  const installed = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  await mkdir(home, { mode: 0o700 });
  const config = scenario.path('new.yaml');
  const start = (args: readonly string[], { from = scenario.repository, env = {} }: HowToRecover = {}) =>
    startCommand(scenario, ['restore', '--from', from, ...args], {
      config,
      env: { HOME: home, XDG_CACHE_HOME: installed, ...env },
    });
  return {
    scenario,
    backup,
    old,
    live: app.live,
    trust: signing,
    config,
    cluster,
    recover: (args, how) => start(args, how).ended,
    start,
    remove: async () => {
      await scenario.remove();
      await cluster.stop();
    },
  };
};

/** Nothing of it was begun. */
export const expectUntouched = async ({ cluster }: LostMachine): Promise<void> => {
  const databases = await cluster.query(
    'postgres',
    `select datname from pg_database where not datistemplate and datname <> 'postgres'`,
  );
  expect(databases).toEqual([]);
};
