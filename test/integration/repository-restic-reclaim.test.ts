// When the agent prunes a restic repository, and what restic's own check says of one.
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { reclaimRepositories } from '../../src/operations/prune/reclaim.js';
import { createStateFolder, operationFile } from '../../src/operations/state-folder.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import type { Repository } from '../../src/repositories/repository.js';
import { shellSource, storeContext } from '../support/repository.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from '../support/restic-template.js';

let folder: string;
let config: Config;
let vault: Repository;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-reclaim-'));
  const password = join(folder, 'password');
  await makeResticTemplate(join(folder, 'vault'));
  await writeFile(password, `${TEMPLATE_PASSWORD}\n`, { mode: 0o600 });
  await mkdir(join(folder, 'storage'));
  const file = join(folder, 'holdfast.yaml');
  const settings = {
    state: join(folder, 'state'),
    repositories: { vault: { restic: join(folder, 'vault'), password: `file:${password}` } },
    deployments: { edms: { files: { storage: join(folder, 'storage') } } },
  };
  await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
  config = await loadConfig({ file });
  await createStateFolder(config.state);
  const [first] = Object.values(config.repositories);
  if (first === undefined) throw new Error('no repository');
  vault = openRepository(first);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const store = (backup: string) =>
  vault.store(`edms/${backup}`, shellSource('a', 'head -c 3000000 /dev/urandom'), storeContext());

/** What the agent does every minute: how often it pruned, and what it said. */
const minute = async (days = 0): Promise<{ prunes: number; said: string[] }> => {
  let prunes = 0;
  const said: string[] = [];
  const effect: Effect = (name, act) => {
    prunes += Number(name.startsWith('prune'));
    return runEffect(name, act);
  };
  const now = () => new Date(Date.now() + days * 24 * 3_600_000);
  await reclaimRepositories({ state: config.state, effect }, { config, say: (line) => said.push(line), now });
  return { prunes, said };
};

const packBytes = (): number =>
  Number(
    execFileSync('du', ['-sb', join(folder, 'vault', 'data')])
      .toString()
      .split('\t')[0],
  );

it('prunes only once something was removed, and at most once a week', async () => {
  await store('b1');
  expect((await minute()).prunes).toBe(0);
  await vault.removeFolder('edms/b1', runEffect);
  const first = await minute();
  expect(first).toEqual({ prunes: 1, said: ['repository vault: what was removed from it is freed'] });
  expect(packBytes()).toBeLessThan(2_000_000);
  await store('b2');
  await vault.removeFolder('edms/b2', runEffect);
  expect((await minute(6)).prunes).toBe(0);
  expect((await minute(8)).prunes).toBe(1);
  expect((await minute(30)).prunes).toBe(0);
});

it('leaves a repository alone while an operation is under way, and what does not answer for a day', async () => {
  await store('b1');
  await vault.removeFolder('edms/b1', runEffect);
  const record = operationFile(config.state, 'edms');
  await writeFile(record, '{}', { mode: 0o600 });
  expect((await minute()).prunes).toBe(0);
  await rm(record);
  await writeFile(join(folder, 'password'), 'another\n');
  expect((await minute()).said.join()).toMatch(/nothing freed, tried again in a day.*password/);
  await writeFile(join(folder, 'password'), `${TEMPLATE_PASSWORD}\n`);
  expect((await minute(0.5)).prunes).toBe(0);
  expect((await minute(1.5)).prunes).toBe(1);
});

it('forgets what no object consists of once it is a week old, and nothing else', async () => {
  await store('b1');
  await store('b2');
  const snapshots = (): { tags: string[] }[] =>
    JSON.parse(
      execFileSync('restic', ['--no-cache', '--repo', join(folder, 'vault'), 'snapshots', '--json'], {
        env: { ...process.env, RESTIC_PASSWORD: TEMPLATE_PASSWORD },
        encoding: 'utf8',
      }),
    );
  const [object] = snapshots().filter(({ tags }) => tags.includes('object') && tags.includes('backup=b1'));
  // As if its attempt had died before it was published.
  execFileSync('restic', ['--no-cache', '--repo', join(folder, 'vault'), 'forget', idOf(object)], {
    env: { ...process.env, RESTIC_PASSWORD: TEMPLATE_PASSWORD },
    stdio: 'ignore',
  });
  await vault.reclaim?.(runEffect);
  expect(snapshots()).toHaveLength(3);
  await vault.reclaim?.(runEffect, () => new Date(Date.now() + 8 * 24 * 3_600_000));
  expect(snapshots().map(({ tags }) => tags.includes('backup=b2'))).toEqual([true, true]);
});

const idOf = (snapshot: object | undefined): string => String(Reflect.get(snapshot ?? {}, 'id'));

it('its check finds nothing in a whole repository, and says in words what a damaged one lacks', async () => {
  await store('b1');
  const { signal } = new AbortController();
  expect(await vault.inspect?.(signal)).toEqual([]);
  execFileSync('sh', ['-c', `rm -f $(find ${folder}/vault/data -type f -size +500k | head -1)`]);
  const found = await vault.inspect?.(signal);
  expect(found).toEqual([expect.stringMatching(/check finds it damaged: pack [0-9a-f]{64}: does not exist/)]);
});

it('its check leaves a repository that somebody uses to them', async () => {
  await store('b1');
  execFileSync('mkfifo', [join(folder, 'gate')]);
  const slow = vault.store('edms/b2', shellSource('b', `cat ${folder}/gate`), storeContext());
  expect(await vault.inspect?.(new AbortController().signal)).toBeNull();
  await writeFile(join(folder, 'gate'), 'go on');
  await slow;
}, 90_000);
