import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findBackup, listBackups, readCatalog } from '../../../src/catalog/catalog.js';
import { manifestBytes } from '../../../src/catalog/manifest-file.js';
import type { Config } from '../../../src/config/config.js';
import { loadConfig } from '../../../src/config/load.js';
import { sampleManifest } from '../cli/sample-manifest.js';

const ID = '20260101T000000Z-full-0001';
const OTHER = '20260102T000000Z-full-0002';

let folder: string;
let config: Config;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-several-'));
  const file = join(folder, 'holdfast.yaml');
  await writeFile(
    file,
    `state: ${folder}/state
repositories: { near: { local: ${folder}/near }, far: { local: ${folder}/far } }
deployments: { edms: { files: { storage: ${folder}/storage } }, shop: { files: { media: ${folder}/media } } }
`,
    { mode: 0o600 },
  );
  config = await loadConfig({ file });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = async (repository: string, id: string, bytes = manifestBytes({ ...sampleManifest, id })) => {
  const place = join(folder, repository, 'edms', id);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, 'manifest.json'), bytes);
  return join(place, 'manifest.json');
};

/** A folder that is a file: whatever is asked of it fails. */
const breakRepository = (name: string) => writeFile(join(folder, name), 'not a folder');

const cacheFiles = async () =>
  (await readdir(join(folder, 'state/cache'), { recursive: true }).catch(() => [])).filter((name) =>
    name.endsWith('.json'),
  );

it('reports a repository that does not answer, and lists what the others hold', async () => {
  await put('near', ID);
  await breakRepository('far');
  const { backups, offline } = await readCatalog(config);
  expect(backups).toMatchObject([{ id: ID, repositories: ['near'], unknown: ['far'] }]);
  expect(offline).toMatchObject([{ repository: 'far', failure: { code: 'REPOSITORY_UNREACHABLE' } }]);
});

it('fails when no repository answers', async () => {
  for (const name of ['near', 'far']) await breakRepository(name);
  await expect(readCatalog(config)).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE' });
});

it('says of a backup that is not found which repositories did not answer', async () => {
  await put('near', ID);
  await breakRepository('far');
  await expect(findBackup(config, { deployment: 'edms', id: OTHER })).rejects.toMatchObject({
    message: `there is no backup ${OTHER} of edms; far does not answer`,
  });
});

it('says where a manifest is damaged, and goes on with the good copy', async () => {
  await put('near', ID, Buffer.from('{'));
  await put('far', ID);
  const [entry] = await listBackups(config);
  expect(entry).toMatchObject({ problem: '', repositories: ['far'], bytes: 2_000_500 });
  expect(entry?.damaged).toMatchObject([
    { repository: 'near', problem: expect.stringContaining('not JSON') },
  ]);
});

it('reads a manifest once, and again when it is another one', async () => {
  const file = await put('near', ID);
  const [first] = await listBackups(config, { deployment: 'edms' });
  const at = new Date('2026-01-01T00:00:00Z');
  await utimes(file, at, at);
  await listBackups(config, { deployment: 'edms' });
  // Same size and time, other contents: what is listed now comes from the cache.
  const text = manifestBytes({ ...sampleManifest, id: ID }).toString();
  await writeFile(file, text.replace('{', '!'));
  await utimes(file, at, at);
  expect(await listBackups(config, { deployment: 'edms' })).toEqual([first]);
  await utimes(file, at, new Date());
  expect(await listBackups(config, { deployment: 'edms' })).toMatchObject([{ id: ID, summary: null }]);
});

it('forgets a backup that was removed', async () => {
  await put('near', ID);
  await put('near', OTHER);
  expect(await listBackups(config)).toHaveLength(2);
  await rm(join(folder, 'near/edms', ID), { recursive: true });
  expect(await listBackups(config)).toMatchObject([{ id: OTHER }]);
});

it('lists the same without its cache, and with one that is damaged', async () => {
  await put('near', ID);
  const listed = await listBackups(config);
  const [name = ''] = await cacheFiles();
  const file = join(folder, 'state/cache', name);
  const cached = await readFile(file, 'utf8');
  const changed = cached.replace(/"rows":\d+/, '"rows":7');
  expect(changed).not.toBe(cached);
  for (const damage of ['', '{', '[["x"]]', '[[1, 2, 3, {}]]', cached.slice(0, -2), changed]) {
    await writeFile(file, damage);
    expect(await listBackups(config)).toEqual(listed);
  }
  await rm(join(folder, 'state/cache'), { recursive: true });
  expect(await listBackups(config)).toEqual(listed);
});

it('does not take what it remembers of one repository for another’s of the same name', async () => {
  await put('near', ID);
  await listBackups(config);
  const moved = {
    ...config,
    repositories: {
      ...config.repositories,
      near: { kind: 'local' as const, name: 'near', path: join(folder, 'far') },
    },
  };
  expect(await listBackups(moved)).toEqual([]);
});

it('lists although the state folder cannot be written', async () => {
  await put('near', ID);
  await writeFile(join(folder, 'state'), 'no folder');
  expect(await listBackups(config)).toMatchObject([{ id: ID }]);
});
