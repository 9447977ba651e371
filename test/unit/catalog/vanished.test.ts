// Backups were in a repository, and then nothing is: its disk is not mounted, or its folder is a new one.
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCatalog } from '../../../src/catalog/catalog.js';
import { manifestBytes } from '../../../src/catalog/manifest-file.js';
import { takeOverOwnership } from '../../../src/catalog/owner.js';
import { requireNotVanished } from '../../../src/catalog/vanished.js';
import type { Config, RepositorySettings } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load.js';
import { runEffect } from '../../../src/domain/effect.js';
import { openRepository } from '../../../src/repositories/open-repository.js';
import { sampleManifest } from '../cli/sample-manifest.js';

const ID = '20260101T000000Z-full-0001';

let folder: string;
let config: Config;
const far = () => join(folder, 'far');
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-vanished-'));
  const file = join(folder, 'holdfast.yaml');
  const text = `state: ${folder}/state
repositories: { near: { local: ${folder}/near }, far: { local: ${far()} } }
deployments: { edms: { files: { storage: ${folder}/storage } } }
`;
  await writeFile(file, text, { mode: 0o600 });
  config = await loadConfig({ file });
  for (const name of ['near', 'far']) {
    await mkdir(join(folder, name, 'edms', ID), { recursive: true });
    await writeFile(
      join(folder, name, 'edms', ID, 'manifest.json'),
      manifestBytes({ ...sampleManifest, id: ID }),
    );
    await takeOver(name);
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const settingsOf = (name: string): RepositorySettings => {
  const settings = config.repositories[name];
  if (settings === undefined) throw new Error(`there is no repository ${name}`);
  return settings;
};
const place = () => ({ state: config.state, repository: settingsOf('far'), deployment: 'edms' });
const takeOver = (name: string) =>
  takeOverOwnership(openRepository(settingsOf(name)), { deployment: 'edms', instance: 'i' }, runEffect);

const lost = {
  code: 'REPOSITORY_UNREACHABLE',
  retryable: false,
  message: expect.stringMatching(
    /^repository far at .*\/far holds nothing of edms any more, and held a backup$/,
  ),
  hint: 'is its disk mounted? To begin anew in an empty one: holdfast backup edms --take-over',
};

it.each([
  ['is missing', async () => undefined],
  ['is an empty mount point', () => mkdir(far())],
  [
    'holds only what an agent has put there since',
    () => mkdir(join(far(), 'edms', 'log'), { recursive: true }),
  ],
])(
  'a repository whose folder %s is named, each time, and not taken for one without backups',
  async (_what, make) => {
    await readCatalog(config);
    await requireNotVanished(place());
    await rename(far(), join(folder, 'elsewhere'));
    await make();
    for (const _time of [1, 2]) {
      const { backups, offline } = await readCatalog(config);
      expect(backups).toMatchObject([{ id: ID, repositories: ['near'], unknown: ['far'] }]);
      expect(offline).toMatchObject([{ repository: 'far', failure: lost }]);
      await expect(requireNotVanished(place())).rejects.toMatchObject(lost);
    }
  },
);

it('one of which nothing was ever seen may be missing', async () => {
  await rm(far(), { recursive: true });
  expect((await readCatalog(config)).offline).toEqual([]);
  await requireNotVanished(place());
});

it('one that has lost only the file that says whose its backups are is well', async () => {
  await readCatalog(config);
  await rm(join(far(), 'edms', 'owner.json'));
  await requireNotVanished(place());
});

it('one from which every backup was removed, and one that was taken over, hold none and are well', async () => {
  await readCatalog(config);
  await rm(join(far(), 'edms', ID), { recursive: true });
  expect((await readCatalog(config)).offline).toEqual([]);
  await rm(far(), { recursive: true });
  await takeOver('far');
  expect((await readCatalog(config)).offline).toEqual([]);
});
