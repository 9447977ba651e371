// A disk that loses something of a restic repository: whoever restores is not held up, whoever repairs gets all of it back, and
// what is backed up meanwhile does not rest on what is broken.
import { readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { VerifyResult } from '../../src/domain/copies.js';
import { backUp, holdfast, restore } from '../support/scenario-commands.js';
import { createVaultScenario } from '../support/scenario-vault.js';

const story = await createVaultScenario();
const { cluster, scenario, app, inBoth } = story;
await cluster.query('edms', 'create table large (id int primary key, body text)');
await cluster.query(
  'edms',
  `insert into large select n, (select string_agg(md5(random()::text), '') from generate_series(1, 30 + n % 2))
     from generate_series(1, 6000) n`,
);
await story.serve();

afterAll(() => story.stop());

/** Those that hold the dump: nothing of it is left. */
const emptyLargePacks = async (): Promise<void> => {
  const found = await readdir(scenario.path('vault/data'), { withFileTypes: true, recursive: true });
  const paths = found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
  for (const path of paths) if ((await stat(path)).size > 500_000) await truncate(path, 0);
};

const verified = async (...args: string[]): Promise<VerifyResult & { exit: number | string }> => {
  const { exit, stdout } = await holdfast(scenario, ['verify', 'edms', ...args, '--json']);
  return { ...JSON.parse(stdout), exit };
};

it('is told as damage, restored from the next repository, and repaired with what was backed up since', async () => {
  const before = await app.live();
  const backup = await backUp(scenario);
  await inBoth(backup);
  await emptyLargePacks();

  const damaged = await verified('--repository', 'vault');
  expect(damaged).toMatchObject({ exit: 1, ok: false, copies: 1, problems: 2 });
  expect(damaged.lines).toEqual([
    expect.stringMatching(/^vault: restic’s check finds it damaged: .*verify --repair/),
    expect.stringMatching(/^\S+ in vault: database\.main\.dump is damaged: /),
  ]);
  const { stdout: status } = await holdfast(scenario, ['status', 'edms']);
  expect(status).toMatch(
    /problem +1 backup in vault is damaged.*\n +hint: holdfast verify edms --repository vault --repair/,
  );
  expect(status).not.toContain('holdfast copy edms --to vault');

  await app.work();
  const answer = await restore(scenario, backup);
  expect(answer.elsewhere).toEqual([expect.stringMatching(/^database\.main\.dump from local: /)]);
  expect(await app.live()).toEqual(before);

  // restic takes the broken chunks for some that it has.
  const meanwhile = await backUp(scenario);
  expect((await verified('--repository', 'vault')).lines).toContainEqual(
    expect.stringContaining(`${meanwhile} in vault: database.main.dump is damaged`),
  );
  // What is stored again for the first one is what the other one lacks, which then has its copy, too.
  expect(await verified('--repair')).toMatchObject({ exit: 0, ok: true, copies: 4 });
  expect(await verified('--decode')).toMatchObject({ exit: 0, ok: true, copies: 4 });
  const later = await backUp(scenario);
  await inBoth(later);
  expect(await verified('--decode')).toMatchObject({ exit: 0, lines: [], copies: 6 });
}, 600_000);
