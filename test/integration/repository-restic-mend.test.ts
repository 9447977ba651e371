// A restic repository in which something is damaged: restic would not store again what its index names, so it is taken out
// first, and whatever can still be read of it stays readable.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, cp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { isPrunedSince } from '../../src/activities/copies/backups-to-verify.js';
import { backupsIn } from '../../src/catalog/list-repository.js';
import { claimOwnership, requireOwner, takeOverOwnership } from '../../src/catalog/owner.js';
import { requireNotVanished } from '../../src/catalog/vanished.js';
import type { RepositorySettings } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { copyBackup } from '../../src/operations/copies/copy-backup.js';
import { repairCopy } from '../../src/operations/copies/repair-copy.js';
import { verifyCopy } from '../../src/operations/copies/verify-copy.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { receiveContext, sent } from '../support/received.js';
import { bytesOf, sha256 } from '../support/repository.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from '../support/restic-template.js';
import { type ResticVault, resticVault } from '../support/restic-vault.js';
import { ID, storeBackup, TRUST } from '../support/stored-backup.js';

let vault: ResticVault;
let deep: RepositorySettings;
let local: RepositorySettings;
const BYTES = randomBytes(9_000_000);
beforeEach(async () => {
  vault = await resticVault();
  deep = vault.at('vault');
  local = { kind: 'local', name: 'local', path: join(vault.folder, 'local') };
});
afterEach(() => rm(vault.folder, { recursive: true, force: true }));

const restic = (...args: string[]): string =>
  execFileSync('restic', ['--no-cache', '--repo', join(vault.folder, 'vault'), ...args], {
    env: { ...process.env, RESTIC_PASSWORD: TEMPLATE_PASSWORD },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const files = async (kind: string, name = 'vault'): Promise<string[]> => {
  const folder = join(vault.folder, name, kind);
  const found = await readdir(folder, { withFileTypes: true, recursive: true });
  return found.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name));
};

const largestPack = async (): Promise<string> => {
  const sizes = await Promise.all(
    (await files('data')).map(async (path) => ({ path, bytes: (await stat(path)).size })),
  );
  return sizes.toSorted((a, b) => b.bytes - a.bytes)[0]?.path ?? '';
};

/** The pack that holds the folders of a snapshot with these tags. */
const treePack = async (tag: string): Promise<string> => {
  const [{ tree }] = JSON.parse(restic('snapshots', '--json', `--tag=${tag}`));
  for (const index of await files('index')) {
    const { packs } = JSON.parse(restic('cat', 'index', index.slice(-64)));
    for (const { id, blobs } of packs)
      if (blobs.some((blob: { id: string }) => blob.id === tree))
        return (await files('data')).find((path) => path.endsWith(id)) ?? '';
  }
  return '';
};

const flipped = async (path: string): Promise<void> => {
  const bytes = await readFile(path);
  const at = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(path, bytes);
};

const damages: Record<string, (path: string) => Promise<void>> = {
  // A pack of folders may have less than a thousand.
  cut: async (path) => {
    const { size } = await stat(path);
    await truncate(path, Math.max(size - 1000, Math.floor(size / 2)));
  },
  emptied: (path) => truncate(path, 0),
  removed: (path) => rm(path),
  changed: flipped,
  'longer than it was': async (path) => writeFile(path, 'x'.repeat(100), { flag: 'a' }),
};

const damage = async (path: string, how: string): Promise<void> => {
  await chmod(path, 0o600);
  await damages[how]?.(path);
};

/** In its last chunk, and all indexes that name it. */
const damageUnnamed = async (pack: string, how: string): Promise<void> => {
  const naming = (await files('index')).filter((path) =>
    restic('cat', 'index', path.slice(-64)).includes(pack.slice(-64)),
  );
  expect(naming.length).toBeGreaterThan(0);
  const bytes = await readFile(pack);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 2000) ^ 1, bytes.length - 2000);
  await chmod(pack, 0o600);
  await writeFile(pack, bytes);
  for (const path of naming) await damage(path, how);
};

const looking = { signal: new AbortController().signal, report: () => undefined };
const found = (settings = deep) =>
  verifyCopy(
    settings,
    { deployment: 'edms', backup: ID, trust: TRUST },
    { attempt: looking, bytesPerSecond: null },
  );

const mend = (settings = deep, effect: Effect = runEffect) =>
  openRepository(settings).mend?.({
    ...{ signal: looking.signal, effect },
    folder: join(vault.folder, 'state', 'mending', 'deep'),
  });

const copying = () => ({
  ...{ host: { state: join(vault.folder, 'state'), effect: runEffect }, stallTimeoutMs: 0 },
  ...{ signal: looking.signal, report: () => undefined },
});
const what = (from: RepositorySettings, to: RepositorySettings) => ({
  ...{ deployment: 'edms', backup: ID, trust: TRUST },
  ...{ from: [from], to },
});

/** As `verify --repair` does it. */
const repaired = async (from = local) => {
  await mend();
  for (let round = 0; round < 2; round++) await repairCopy(what(from, deep), await found(), copying());
  return (await found()).problems;
};

const stored = async (): Promise<void> => {
  await storeBackup(local, [9_000_000, 10_000]);
  await copyBackup(what(local, deep), copying());
};

const store = (key: string, bytes: Buffer) =>
  openRepository(deep).receive(key, sent(bytes), receiveContext());
const read = async (key: string, settings = deep): Promise<string> =>
  sha256(await bytesOf(await openRepository(settings).open(key)));

/** HOLDFAST_DAMAGE=one tries one kind of damage where all are alike for us, and only restic reads them differently. */
const tried = <T>(kinds: readonly T[]): readonly T[] =>
  process.env.HOLDFAST_DAMAGE === 'one' ? kinds.slice(0, 1) : kinds;

describe.each(tried(Object.keys(damages)))('a pack that is %s', (how) => {
  it('is found, repaired from a good copy, and nothing of it is in the way any more', async () => {
    await stored();
    await damage(await largestPack(), how);
    if (how !== 'longer than it was') {
      const { problems } = await found();
      expect(problems).toEqual([
        { name: 'files.tree0.tar.zst', words: expect.stringMatching(/^files\.tree0\.tar\.zst is damaged: /) },
      ]);
    }
    expect(await repaired()).toEqual([]);
    expect(restic('check', '--read-data')).toContain('no errors were found');
    expect(await openRepository(deep).inspect?.(looking.signal)).toEqual([]);
    expect(await openRepository(deep).reclaim?.(runEffect)).toBe(true);
    expect((await found()).problems).toEqual([]);
    expect(await readdir(join(vault.folder, 'state', 'mending')).catch(() => [])).toEqual([]);
    expect(restic('list', 'locks')).toBe('');
  });
});

describe.each(tried(['cut', 'removed', 'changed']))(
  'a pack that is %s and of which there is no other copy',
  (how) => {
    it('keeps no later backup from being whole: its bytes are stored again', async () => {
      await store('edms/b1/a', BYTES);
      await damage(await largestPack(), how);
      await mend();
      await store('edms/b2/a', BYTES);
      expect(await read('edms/b2/a')).toBe(sha256(BYTES));
      // The same chunks: what could not be read any more is whole again by it.
      expect(await read('edms/b1/a')).toBe(sha256(BYTES));
    });
  },
);

it('without that a later backup of the same bytes consists of the damaged ones, and verify says so of both', async () => {
  await store('edms/b1/a', BYTES);
  await damage(await largestPack(), 'changed');
  await store('edms/b2/a', BYTES);
  for (const key of ['edms/b1/a', 'edms/b2/a'])
    await expect(read(key)).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
});

describe.each(tried(['changed', 'cut']))('of a pack that is %s', (how) => {
  it('what other objects have in it can be read as before, though there is no other copy of them', async () => {
    await store('edms/b1/a', BYTES);
    // Their beginnings are the same chunks of one pack.
    for (let size = 1_000_000; size < 9_000_000; size += 2_000_000)
      await store(`edms/b2/${size}`, BYTES.subarray(0, size));
    await damage(await largestPack(), how);
    const readable = async (): Promise<string[]> => {
      const keys: string[] = [];
      for (const { key, bytes } of await openRepository(deep).list('edms/b2'))
        if ((await read(key).catch(() => '')) === sha256(BYTES.subarray(0, bytes))) keys.push(key);
      return keys.sort();
    };
    const before = await readable();
    expect(before.length).toBeGreaterThan(0);
    await mend();
    expect(await readable()).toEqual(expect.arrayContaining(before));
    const whole = await readable();
    const all = [...(await openRepository(deep).list('edms/b2')).map(({ key }) => key), 'edms/b1/a'];
    for (const key of all) if (!whole.includes(key)) await openRepository(deep).remove(key, runEffect);
    await openRepository(deep).reclaim?.(runEffect);
    expect(await readable()).toEqual(whole);
  });
});

it.each(tried(['removed', 'emptied']))(
  'what can be read of a damaged pack is kept even where the index that named it is %s',
  async (how) => {
    await store('edms/b1/a', BYTES);
    await store('edms/b2/a', BYTES.subarray(0, 5_000_000));
    await damageUnnamed(await largestPack(), how);
    await mend();
    expect(await read('edms/b2/a')).toBe(sha256(BYTES.subarray(0, 5_000_000)));
    await store('edms/b3/a', BYTES);
    expect(await read('edms/b1/a')).toBe(sha256(BYTES));
    expect(restic('check', '--read-data')).toContain('no errors were found');
  },
);

it.each(tried(['cut', 'emptied']))(
  'a pack that is %s and that no index names keeps nothing from being whole',
  async (how) => {
    await stored();
    const pack = await largestPack();
    await damage(pack, how);
    for (const path of await files('index')) await damage(path, 'removed');
    expect(await repaired()).toEqual([]);
    expect(await files('data')).not.toContain(pack);
    expect(restic('check', '--read-data')).toContain('no errors were found');
  },
);

it.each(tried(['cut', 'changed']))('folders that are %s are repaired as well', async (how) => {
  await stored();
  await damage(await treePack('object,key=edms/20260111T224748Z-full-3f9a/manifest.json'), how);
  expect((await found()).problems).toEqual([
    { name: 'manifest.json', words: expect.stringMatching(/damaged/) },
  ]);
  expect(await repaired()).toEqual([]);
  expect(await openRepository(deep).inspect?.(looking.signal)).toEqual([]);
  expect(await openRepository(deep).reclaim?.(runEffect)).toBe(true);
  expect((await found()).problems).toEqual([]);
});

it('folders get their old length where two indexes name them, as after a kill while a new one was made', async () => {
  await stored();
  const pack = await treePack('object,key=edms/20260111T224748Z-full-3f9a/manifest.json');
  const { size } = await stat(pack);
  await cp(join(vault.folder, 'vault', 'index'), join(vault.folder, 'index'), { recursive: true });
  restic('rebuild-index');
  const [made] = await files('index');
  await cp(join(vault.folder, 'index'), join(vault.folder, 'vault', 'index'), { recursive: true });
  expect((await files('index')).length).toBeGreaterThan(1);
  expect(await readdir(join(vault.folder, 'index'))).not.toContain(made?.slice(-64));
  await damage(pack, 'cut');
  await mend();
  expect((await stat(pack)).size).toBe(size);
});

it.each(tried(['cut', 'changed']))('what is %s comes from another restic repository as well', async (how) => {
  await stored();
  const other = vault.at('other');
  await makeResticTemplate(join(vault.folder, 'other'));
  await copyBackup(what(deep, other), copying());
  await damage(await largestPack(), how);
  expect(await repaired(other)).toEqual([]);
  expect(restic('check', '--read-data')).toContain('no errors were found');
});

it('who owns the backups is claimed anew by whoever takes them over, where it cannot be read', async () => {
  const claim = { deployment: 'edms', instance: '0123456789abcdef' };
  await claimOwnership(openRepository(deep), { ...claim, instance: 'fedcba9876543210' }, runEffect);
  await cp(join(vault.folder, 'vault'), join(vault.folder, 'elsewhere'), { recursive: true });
  for (const path of await files('data', 'elsewhere')) await damage(path, 'emptied');
  const elsewhere = openRepository(vault.at('elsewhere'));
  await expect(claimOwnership(elsewhere, claim, runEffect)).rejects.toMatchObject({
    code: 'CORRUPT_ARTIFACT',
  });
  await takeOverOwnership(elsewhere, claim, runEffect);
  expect(await requireOwner(elsewhere, claim)).toBeInstanceOf(Date);
});

it('what was lost is not answered from memory after it: whoever owns the backups is claimed anew', async () => {
  const claim = { deployment: 'edms', instance: '0123456789abcdef' };
  await claimOwnership(openRepository(deep), claim, runEffect);
  await requireOwner(openRepository(deep), claim);
  for (const path of await files('data')) await damage(path, 'emptied');
  await requireOwner(openRepository(deep), claim);
  await mend();
  await expect(requireOwner(openRepository(deep), claim)).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
  await takeOverOwnership(openRepository(deep), claim, runEffect);
  expect(restic('check', '--read-data')).toContain('no errors were found');
});

it('where it cannot be read who owns the backups, they are damaged, and not lost as from an empty repository', async () => {
  await stored();
  await claimOwnership(openRepository(deep), { deployment: 'edms', instance: '0123456789abcdef' }, runEffect);
  await cp(join(vault.folder, 'vault'), join(vault.folder, 'elsewhere'), { recursive: true });
  const place = {
    ...{ state: join(vault.folder, 'state'), deployment: 'edms' },
    repository: vault.at('elsewhere'),
  };
  expect(await backupsIn(place.repository, 'edms', { state: place.state, trust: TRUST })).toHaveLength(1);
  for (const path of await files('data', 'elsewhere')) await damage(path, 'emptied');
  await requireNotVanished(place);
});

it('a backup whose manifest is damaged was not pruned meanwhile: that is a problem of it', async () => {
  await stored();
  await damage(await treePack('object,key=edms/20260111T224748Z-full-3f9a/manifest.json'), 'cut');
  const file = join(vault.folder, 'holdfast.yaml');
  // Another place than where it was stored: this process remembers nothing of it.
  await cp(join(vault.folder, 'vault'), join(vault.folder, 'elsewhere'), { recursive: true });
  const elsewhere = vault.at('elsewhere');
  const settings = {
    state: join(vault.folder, 'state'),
    repositories: {
      elsewhere: { restic: join(vault.folder, 'elsewhere'), password: `file:${vault.password}` },
    },
    deployments: { edms: { files: { storage: join(vault.folder, 'files') } } },
  };
  await writeFile(file, JSON.stringify(settings), { mode: 0o600 });
  const config = await loadConfig({ file });
  const request = { backup: null, repository: null, decode: false, repair: false, rate: null };
  const asked = { config, request: { ...request, deployment: 'edms' }, backup: ID, repository: 'elsewhere' };
  const seen = await found(elsewhere);
  expect(seen.manifest).toBeNull();
  expect(await isPrunedSince(seen, elsewhere, asked)).toBe(false);
});

it.each(
  tried([
    ['index', 'removed'],
    ['snapshots', 'changed'],
    ['snapshots', 'emptied'],
    // restic itself tries for most of a minute to read it.
    ['index', 'cut'],
  ]),
)('in %s one that is %s keeps nothing from being whole after a repair', async (kind, how) => {
  await stored();
  for (const path of (await files(kind)).slice(0, 2)) await damage(path, how);
  expect(await repaired()).toEqual([]);
  expect(restic('check', '--read-data')).toContain('no errors were found');
  expect(await openRepository(deep).reclaim?.(runEffect)).toBe(true);
  expect((await found()).problems).toEqual([]);
});

it('while another program stores something in it, nothing is taken out of it', async () => {
  await store('edms/b1/a', BYTES);
  await damage(await largestPack(), 'changed');
  const damaged = await files('data');
  const other = spawn('restic', ['--no-cache', 'backup', '--stdin', '--repo', join(vault.folder, 'vault')], {
    env: { ...process.env, RESTIC_PASSWORD: TEMPLATE_PASSWORD },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(other, 'exit');
  await vi.waitFor(async () => expect(await files('locks')).not.toEqual([]), 30_000);
  expect(await mend()).toBe(false);
  expect(await files('data')).toEqual(expect.arrayContaining(damaged));
  other.stdin.end('something');
  await ended;
  // As a restic leaves it that is killed before its lock is one.
  await writeFile(join(vault.folder, 'vault', 'locks', `${'0'.repeat(64)}-tmp-1`), '');
  expect(await mend()).toBe(true);
  await store('edms/b2/a', BYTES);
  expect(await read('edms/b2/a')).toBe(sha256(BYTES));
});

it('changes nothing where nothing is damaged', async () => {
  await stored();
  const before = (await Promise.all(['data', 'index', 'snapshots'].map((kind) => files(kind)))).flat().sort();
  expect(await mend()).toBe(true);
  const after = (await Promise.all(['data', 'index', 'snapshots'].map((kind) => files(kind)))).flat().sort();
  expect(after).toEqual(before);
});

const harms = tried([
  { world: 'a pack is cut', harm: (pack: string) => damage(pack, 'cut'), least: 8, limit: 120_000 },
  {
    ...{ world: 'a pack is changed and its index is gone', least: 10, limit: 300_000 },
    harm: (pack: string) => damageUnnamed(pack, 'removed'),
  },
]);
for (const { world, harm, least, limit } of harms)
  it(
    `where ${world}, a mending that follows a killed one loses no chunk that could be read`,
    async () => {
      await store('edms/b1/a', BYTES);
      await store('edms/b2/a', BYTES.subarray(0, 5_000_000));
      const pack = await largestPack();
      expect(await read('edms/b2/a')).toBe(sha256(BYTES.subarray(0, 5_000_000)));
      await harm(pack);
      let number = 0;
      const points = await killedEverywhere(async (_point, kill) => {
        number += 1;
        const [victim, next] = [vault.at(`victim${number}`), vault.at(`next${number}`)];
        await rm(join(vault.folder, 'state'), { recursive: true, force: true });
        await cp(join(vault.folder, 'vault'), join(vault.folder, victim.name), { recursive: true });
        await kill((effect) => Promise.resolve(mend(victim, effect)));
        await cp(join(vault.folder, victim.name), join(vault.folder, next.name), { recursive: true });
        expect(await mend(next)).toBe(true);
        expect(await read('edms/b2/a', next)).toBe(sha256(BYTES.subarray(0, 5_000_000)));
        await openRepository(next).receive('edms/b3/a', sent(BYTES), receiveContext());
        expect(await read('edms/b3/a', next)).toBe(sha256(BYTES));
        for (const { name } of [victim, next]) await rm(join(vault.folder, name), { recursive: true });
      });
      expect(points).toBeGreaterThanOrEqual(least);
    },
    limit,
  );
