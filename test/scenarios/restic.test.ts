// A deduplicating repository from outside: what was backed up into it is live again, and a copy goes both ways.
import { rm, writeFile } from 'node:fs/promises';
import { afterAll, expect, it, vi } from 'vitest';
import type { VerifyResult } from '../../src/domain/copies.js';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { answerOf, backUp, holdfast, restore, serve } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';

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
const up = await serve(scenario);

afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const inBoth = (backup: string) =>
  vi.waitFor(
    async () => {
      const { stdout } = await holdfast(scenario, ['list', 'edms', '--repository', 'local', '--json']);
      expect(stdout).toContain(backup);
    },
    { timeout: 60_000, interval: 500 },
  );

it('a live system is put back as it was, and every backup says what it added', async () => {
  const before = await app.live();
  const first = await backUp(scenario);
  const second = await backUp(scenario);
  await app.work();
  expect(await app.live()).not.toEqual(before);
  const answer = await restore(scenario, second);
  expect(answer).toMatchObject({ outcome: 'restored', backup: second });
  expect(await app.live()).toEqual(before);
  await expectNothingLeft(scenario, app.trees);
  const shown = await holdfast(scenario, ['show', 'edms', first]);
  expect(shown.stdout).toContain('ADDED');
  const { stdout } = await holdfast(scenario, ['show', 'edms', second, '--json']);
  const { artifacts } = JSON.parse(stdout) as { artifacts: { added: unknown }[] };
  for (const { added } of artifacts) expect(added).toEqual(expect.any(Number));
});

it('its backup is copied to a plain folder, proved there, and restored from there when the first one is gone', async () => {
  const before = await app.live();
  const backup = await backUp(scenario);
  await inBoth(backup);
  const verified = await answerOf<VerifyResult & Record<string, unknown>>(scenario, [
    'verify',
    'edms',
    backup,
    '--decode',
  ]);
  expect(verified).toMatchObject({ ok: true, problems: 0 });
  await app.work();
  await rm(scenario.path('vault'), { recursive: true });
  await restore(scenario, backup, 'edms', '--repository', 'local');
  expect(await app.live()).toEqual(before);
});
