import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fetchCommands } from '../../src/catalog/restic-commands.js';
import type { RepositorySettings } from '../../src/config/config.js';
import { runEffect } from '../../src/domain/effect.js';
import { verifyCopy } from '../../src/operations/copies/verify-copy.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import type { Source } from '../../src/repositories/repository.js';
import { bytesOf, sha256, shellSource, storeContext } from '../support/repository.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from '../support/restic-template.js';
import { ID, storeBackup, TRUST } from '../support/stored-backup.js';
import { sampleManifest } from '../unit/cli/sample-manifest.js';

let folder: string;
let password: string;
let repository: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-restic-test-'));
  password = join(folder, 'password');
  repository = join(folder, 'vault');
  await writeFile(password, `${TEMPLATE_PASSWORD}\n`, { mode: 0o600 });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const settingsOf = (change: { password?: string; repository?: string } = {}): RepositorySettings => ({
  kind: 'restic',
  name: 'vault',
  repository,
  password: `file:${password}`,
  environment: {},
  ...change,
});

const open = (change: { password?: string; repository?: string } = {}) => openRepository(settingsOf(change));

const restic = (...args: string[]): string =>
  execFileSync('restic', ['--no-cache', '--repo', repository, '--password-file', password, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

const repositoryBytes = (): number =>
  Number(execFileSync('du', ['-sb', repository]).toString().split('\t')[0]);

it('makes the repository with the first object, and not before', async () => {
  await open().check();
  expect(await open().list('edms')).toEqual([]);
  await expect(readFile(join(repository, 'config'))).rejects.toThrow('ENOENT');
  await Promise.all(
    ['a', 'b'].map((name) => open().store('edms/b1', shellSource(name, `echo ${name}`), storeContext())),
  );
  expect((await open().list('edms')).map(({ key }) => key).sort()).toEqual(['edms/b1/a', 'edms/b1/b']);
});

it('makes none where other things lie, nor where the folder above is missing', async () => {
  await mkdir(repository);
  await writeFile(join(repository, 'other'), '');
  const put = (place: string) => open({ repository: place }).put('edms/b1/x', Buffer.from('x'), runEffect);
  await expect(put(repository)).rejects.toMatchObject({
    code: 'REPOSITORY_UNREACHABLE',
    retryable: false,
    message: expect.stringContaining('other things'),
  });
  const unmounted = join(folder, 'disk', 'vault');
  await expect(put(unmounted)).rejects.toMatchObject({
    message: expect.stringContaining(join(folder, 'disk')),
  });
  await expect(open({ repository: unmounted }).check()).rejects.toMatchObject({
    code: 'REPOSITORY_UNREACHABLE',
  });
});

it('says that the password is wrong, or that others can read it', async () => {
  restic('init');
  const wrong = join(folder, 'wrong');
  await writeFile(wrong, 'another\n', { mode: 0o600 });
  await expect(open({ password: `file:${wrong}` }).check()).rejects.toMatchObject({
    code: 'REPOSITORY_CREDENTIALS',
    message: expect.stringContaining('repository vault'),
  });
  await writeFile(wrong, 'a password\n');
  execFileSync('chmod', ['644', wrong]);
  await expect(open({ password: `file:${wrong}` }).check()).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('can be read by others'),
  });
});

it('stores beside whoever else uses it, and removes nothing until they are done', async () => {
  await makeResticTemplate(repository);
  const vault = open();
  await vault.store('edms/b1', shellSource('a', 'seq 1 9'), storeContext());
  const other = spawn(
    'sh',
    ['-c', `sleep 3600 | restic --no-cache --repo ${repository} --password-file ${password} backup --stdin`],
    { detached: true },
  );
  const locks = () => execFileSync('ls', [join(repository, 'locks')]).toString();
  await vi.waitFor(() => expect(locks()).not.toBe(''), 60_000);
  await vault.store('edms/b1', shellSource('b', 'seq 1 9'), storeContext());
  const removing = vault.remove('edms/b1/a', runEffect);
  await expect(removing).rejects.toMatchObject({
    retryable: true,
    message: expect.stringContaining('locked by PID'),
  });
  process.kill(-(other.pid ?? 0), 'SIGKILL');
  await vi.waitFor(() => expect(() => process.kill(-(other.pid ?? 0), 0)).toThrow('ESRCH'), 60_000);
  await vault.remove('edms/b1/a', runEffect);
  expect((await vault.list('edms')).map(({ key }) => key)).toEqual(['edms/b1/b']);
});

it('leaves no lock where somebody stops reading', async () => {
  await makeResticTemplate(repository);
  const vault = open();
  await vault.store('edms/b1', shellSource('a', 'head -c 30000000 /dev/urandom'), storeContext());
  const stream = await vault.open('edms/b1/a');
  for await (const _chunk of stream) break;
  await vi.waitFor(async () => expect(await readdir(join(repository, 'locks'))).toEqual([]), {
    timeout: 60_000,
  });
});

it('costs little when little changed, frees what was removed when it is pruned, and confirms what is there', async () => {
  await makeResticTemplate(repository);
  const vault = open();
  const data = join(folder, 'data');
  execFileSync('sh', ['-c', `head -c 20000000 /dev/urandom > ${data}`]);
  const first = await vault.store('edms/b1', shellSource('a', `cat ${data}`), storeContext());
  const second = await vault.store('edms/b2', shellSource('a', `cat ${data}; echo more`), storeContext());
  expect(first.added).toBeGreaterThan(19_000_000);
  expect(second.added).toBeLessThan(8_000_000);
  await vault.confirm?.('edms/b2', [second]);
  await expect(vault.confirm?.('edms/b2', [{ ...second, bytes: 1 }])).rejects.toMatchObject({
    code: 'CORRUPT_ARTIFACT',
  });
  await expect(vault.confirm?.('edms/b2', [first])).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
  for (const backup of ['edms/b1', 'edms/b2']) await vault.removeFolder(backup, runEffect);
  expect(repositoryBytes()).toBeGreaterThan(19_000_000);
  await vault.reclaim?.(runEffect);
  expect(repositoryBytes()).toBeLessThan(3_000_000);
});

/** Those that hold the contents of something large; or with `+0` all of them. */
const damagePacks = async (size = '+500k') => {
  const packs = execFileSync('find', [join(repository, 'data'), '-type', 'f', '-size', size]).toString();
  for (const pack of packs.trim().split('\n')) {
    execFileSync('chmod', ['600', pack]);
    const bytes = await readFile(pack);
    bytes.subarray(bytes.length > 2000 ? 1000 : 0, 2000).fill(0);
    await writeFile(pack, bytes);
  }
};

it('calls a damaged pack damage, not success', async () => {
  await makeResticTemplate(repository);
  const vault = open();
  await vault.store('edms/b1', shellSource('a', 'head -c 3000000 /dev/urandom'), storeContext());
  await damagePacks();
  await expect(bytesOf(await vault.open('edms/b1/a'))).rejects.toMatchObject({ code: 'CORRUPT_ARTIFACT' });
});

it('reads a manifest again that it has stored itself, and one that is damaged is a problem of its backup alone', async () => {
  await makeResticTemplate(repository);
  await storeBackup(settingsOf(), [1_000]);
  const verified = () =>
    verifyCopy(
      settingsOf(),
      { deployment: 'edms', backup: ID, trust: TRUST },
      { attempt: { signal: new AbortController().signal, report: () => undefined }, bytesPerSecond: null },
    );
  expect((await verified()).problems).toEqual([]);
  await damagePacks('+0');
  expect(await verified()).toMatchObject({
    ...{ manifest: null, bytes: 0 },
    problems: [{ name: 'manifest.json', words: expect.stringContaining('damaged') }],
  });
});

it('gives every artifact to who runs the commands of RESTORE.md', async () => {
  await makeResticTemplate(repository);
  const vault = open();
  const tree = join(folder, 'tree');
  await mkdir(tree);
  execFileSync('sh', [
    '-c',
    `cd ${tree}; for i in $(seq 40); do head -c 9000 /dev/urandom > "file $i"; done`,
  ]);
  const archive: Source = {
    kind: 'tree',
    name: 'files.storage.tar',
    path: tree,
    index: join(folder, 'listing'),
  };
  const id = 'edms/20260111T224748Z-full-3f9a';
  const stored = [
    {
      ...(await vault.store(id, shellSource('database.main.dump', 'seq 1 99999'), storeContext())),
      kind: 'database' as const,
      source: 'main',
    },
    { ...(await vault.store(id, archive, storeContext())), kind: 'files' as const, source: 'storage' },
  ];
  const manifest = {
    ...sampleManifest,
    deployment: 'edms',
    id: '20260111T224748Z-full-3f9a',
    artifacts: stored,
  };
  const target = join(folder, 'by hand');
  await mkdir(target);
  execFileSync('sh', ['-ec', fetchCommands(manifest, repository).join('\n')], {
    cwd: target,
    env: { ...process.env, RESTIC_PASSWORD_FILE: password },
  });
  for (const { name, sha256: expected } of stored)
    expect(sha256(await readFile(join(target, name)))).toBe(expected);
});
