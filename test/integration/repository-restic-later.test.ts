// What a restic repository leaves for the last objects of a backup: it is stored, and no object until they are put.
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchCommands } from '../../src/catalog/restic-commands.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import type { LeftForLater, Source, StoredObject } from '../../src/repositories/repository.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { receiveContext } from '../support/received.js';
import { bytesOf, sha256, shellSource, storeContext } from '../support/repository.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from '../support/restic-template.js';
import { type ResticVault, resticVault } from '../support/restic-vault.js';
import { sampleManifest } from '../unit/cli/sample-manifest.js';

vi.setConfig({ testTimeout: 120_000 });

const ID = '20260111T224748Z-full-3f9a';
const FOLDER = `edms/${ID}`;

let folder: string;
let password: string;
let at: ResticVault['at'];
let later: string;
beforeEach(async () => {
  ({ folder, password, at } = await resticVault());
  later = join(folder, 'later');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const vault = () => openRepository(at('vault'));

const SMALL = shellSource('globals.sql', 'echo CREATE ROLE app');
const LARGE = shellSource('database.main.dump', 'seq 1 300000');

const store = (source: Source, effect: Effect = runEffect): Promise<StoredObject> =>
  vault().store(FOLDER, source, storeContext({ later, effect }));

const storeBoth = async (effect?: Effect): Promise<StoredObject[]> => [
  await store(SMALL, effect),
  await store(LARGE, effect),
];

const LAST = ['RESTORE.md', 'manifest.json'].map((name) => ({
  key: `${FOLDER}/${name}`,
  bytes: Buffer.from(`what is in ${name}`),
}));

const putLast = async (artifacts: LeftForLater['artifacts'], effect: Effect = runEffect): Promise<void> => {
  await vault().confirm?.(FOLDER, artifacts, later);
  await vault().putTogether?.(LAST, effect, { folder: later, artifacts });
};

const listed = async (): Promise<string[]> => (await vault().list('edms')).map(({ key }) => key).sort();

const ALL = ['RESTORE.md', 'database.main.dump', 'globals.sql', 'manifest.json']
  .map((name) => `${FOLDER}/${name}`)
  .sort();

const hashIn = async (name: string): Promise<string> =>
  sha256(await bytesOf(await vault().open(`${FOLDER}/${name}`)));

const snapshots = (): { tags: string[] }[] =>
  JSON.parse(
    execFileSync('restic', ['--no-cache', '--repo', join(folder, 'vault'), 'snapshots', '--json'], {
      env: { ...process.env, RESTIC_PASSWORD: TEMPLATE_PASSWORD },
      encoding: 'utf8',
    }),
  );

it('makes objects of them with the last ones, in one snapshot, and gives their bytes', async () => {
  const stored = await storeBoth();
  expect(await listed()).toEqual([]);
  await putLast(stored);
  expect(await listed()).toEqual(ALL);
  for (const { name, sha256: hash } of stored) expect(await hashIn(name)).toBe(hash);
  expect(snapshots().filter(({ tags }) => tags.includes('object'))).toHaveLength(1);
  await vault().confirm?.(FOLDER, stored);
  await expect(store(LARGE)).rejects.toMatchObject({ code: 'OPERATION_LOST' });
  expect(await listed()).toEqual(ALL);
});

it('has all of them or none, killed before or after any effect, and what an attempt left is forgotten', async () => {
  const points = await killedEverywhere(async (_point, kill) => {
    await kill(async (effect) => putLast(await storeBoth(effect), effect));
    const there = await listed();
    expect([[], ALL]).toContainEqual(there);
    if (there.length === 0) await putLast(await storeBoth());
    expect(await listed()).toEqual(ALL);
    expect(await vault().unfinished(FOLDER)).toEqual([]);
    await vault().removeFolder(FOLDER, runEffect);
    expect(snapshots()).toEqual([]);
    await rm(later, { recursive: true });
  });
  expect(points).toBeGreaterThanOrEqual(10);
});

it('refuses the last objects when a part has gone or a note was lost', async () => {
  const stored = await storeBoth();
  await rm(join(later, 'globals.sql.json'));
  await expect(putLast(stored)).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
  await writeFile(join(later, 'globals.sql.json.new'), 'of an attempt that was kil');
  await store(SMALL);
  for (const one of await vault().unfinished(FOLDER)) await one.remove(runEffect);
  const putting = vault().putTogether?.(LAST, runEffect, { folder: later, artifacts: stored });
  await expect(putting).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
  expect(await listed()).toEqual([]);
});

it('removes one of them, and the others stay as they are', async () => {
  const stored = await storeBoth();
  await putLast(stored);
  await vault().remove(`${FOLDER}/RESTORE.md`, runEffect);
  for (const { name, sha256: hash } of stored) expect(await hashIn(name)).toBe(hash);
  await vault().remove(`${FOLDER}/database.main.dump`, runEffect);
  expect(await listed()).toEqual([`${FOLDER}/globals.sql`, `${FOLDER}/manifest.json`]);
  expect(await hashIn('globals.sql')).toBe(stored[0]?.sha256);
  expect(await vault().unfinished(FOLDER)).toEqual([]);
});

it('makes a small archive an object at once, whatever an earlier attempt had noted', async () => {
  const tree = join(folder, 'tree');
  await mkdir(tree);
  await writeFile(join(tree, 'random'), Buffer.alloc(2_000_000, 'x'));
  const source: Source = {
    kind: 'tree',
    name: 'files.storage.tar',
    path: tree,
    index: join(folder, 'listing'),
  };
  await store(source);
  expect(await listed()).toEqual([]);
  await writeFile(join(tree, 'random'), 'short');
  const stored = await store(source);
  expect(await listed()).toEqual([`${FOLDER}/files.storage.tar`]);
  await putLast([stored]);
  expect(await hashIn('files.storage.tar')).toBe(stored.sha256);
  expect(await vault().unfinished(FOLDER)).toEqual([]);
});

it('is copied to another restic repository without the objects beside it', async () => {
  await makeResticTemplate(join(folder, 'far'));
  const far = openRepository(at('far'));
  const [small, large] = await storeBoth();
  if (small === undefined || large === undefined) throw new Error('not stored');
  await putLast([small, large]);
  const copy = async ({ name, bytes, sha256: hash }: StoredObject) => {
    const context = receiveContext({ journal: join(folder, `${name}.journal`) });
    const stored = { bytes, sha256: hash, from: at('vault') };
    const by = await far.receiveFrom?.(`${FOLDER}/${name}`, stored, context);
    const open = (offset: number) => vault().open(`${FOLDER}/${name}`, offset);
    if (by !== true) await far.receive(`${FOLDER}/${name}`, { bytes, sha256: hash, open }, context);
    return by;
  };
  expect([await copy(large), await copy(small)]).toEqual([true, false]);
  expect((await far.list('edms')).map(({ key }) => key).sort()).toEqual([
    `${FOLDER}/database.main.dump`,
    `${FOLDER}/globals.sql`,
  ]);
  for (const { name, sha256: hash } of [small, large])
    expect(sha256(await bytesOf(await far.open(`${FOLDER}/${name}`)))).toBe(hash);
});

it('is found by whoever runs the commands of RESTORE.md', async () => {
  const stored = await storeBoth();
  await putLast(stored);
  const [globals, database] = stored;
  if (globals === undefined || database === undefined) throw new Error('not stored');
  const artifacts = [
    { ...globals, kind: 'globals' as const, source: '' },
    { ...database, kind: 'database' as const, source: 'main' },
  ];
  const manifest = { ...sampleManifest, deployment: 'edms', id: ID, artifacts };
  const target = join(folder, 'by hand');
  await mkdir(target);
  execFileSync('sh', ['-ec', fetchCommands(manifest, join(folder, 'vault')).join('\n')], {
    cwd: target,
    env: { ...process.env, RESTIC_PASSWORD_FILE: password },
  });
  for (const { name, sha256: hash } of stored) expect(sha256(await readFile(join(target, name)))).toBe(hash);
});
