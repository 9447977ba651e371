// A story's deployment that is backed up into a restic repository first, and copied into a folder.
import { writeFile } from 'node:fs/promises';
import { expect, vi } from 'vitest';
import { type Cluster, startCluster } from './postgres-cluster.js';
import { createScenario, type Scenario } from './scenario.js';
import { type Application, createApplications } from './scenario-application.js';
import { holdfast, serve } from './scenario-commands.js';

export interface VaultScenario {
  cluster: Cluster;
  scenario: Scenario;
  app: Application;
  /** Waits until the copy is there. */
  inBoth(backup: string): Promise<void>;
  serve(): Promise<void>;
  stop(): Promise<void>;
}

export const createVaultScenario = async (): Promise<VaultScenario> => {
  const cluster = await startCluster();
  const scenario = await createScenario(cluster);
  const password = scenario.path('vault-password');
  await writeFile(password, 'a password\n', { mode: 0o600 });
  const application = await createApplications(scenario, {
    repositories: {
      vault: { restic: scenario.path('vault'), password: `file:${password}` },
      local: { local: scenario.repository },
    },
  });
  const app = await application('edms', { settings: { repositories: ['vault', 'local'] } });
  let up: Awaited<ReturnType<typeof serve>> | undefined;
  return {
    ...{ cluster, scenario, app },
    inBoth: (backup) =>
      vi.waitFor(
        async () => {
          const { stdout } = await holdfast(scenario, ['list', 'edms', '--repository', 'local', '--json']);
          expect(stdout).toContain(backup);
        },
        { timeout: 60_000, interval: 500 },
      ),
    serve: async () => {
      up = await serve(scenario);
    },
    stop: async () => {
      await up?.stop();
      await scenario.remove();
      await cluster.stop();
    },
  };
};
