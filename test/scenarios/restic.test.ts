// A deduplicating repository from outside: what was backed up into it is live again, and a copy goes both ways.
import { rm } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import type { VerifyResult } from '../../src/domain/copies.js';
import { answerOf, backUp, holdfast, restore } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { createVaultScenario } from '../support/scenario-vault.js';

const story = await createVaultScenario();
const { scenario, app, inBoth } = story;
await story.serve();

afterAll(() => story.stop());

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
