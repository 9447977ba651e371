import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localRepository } from '../../../src/repositories/local/local.js';
import { proveRepository } from '../../../src/repositories/prove.js';
import type { Repository } from '../../../src/repositories/repository.js';

let folder: string;
let repository: Repository;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-prove-'));
  repository = localRepository({ kind: 'local', name: 'offsite', path: join(folder, 'backups') });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const prove = (one: Repository) => proveRepository(one, new AbortController().signal);
const problems = async (one: Repository) =>
  (await prove(one)).filter(({ level }) => level === 'problem').map(({ message }) => message);

it('tries everything that a repository promises, and leaves nothing behind', async () => {
  const proofs = await prove(repository);
  expect(proofs.map(({ level }) => level)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  expect(await readdir(join(folder, 'backups'))).toEqual([]);
});

it('finds a repository that overwrites', async () => {
  const put = (key: string, bytes: Buffer) => writeFile(join(folder, 'backups', key), bytes);
  expect(await problems({ ...repository, put })).toEqual([
    'repository offsite does not keep a promise: it lets a manifest be overwritten',
  ]);
  expect(await readdir(join(folder, 'backups'))).toEqual([]);
});

it('finds a repository that gives a stump back', async () => {
  const open: Repository['open'] = async () => Readable.from([Buffer.from('stump')]);
  expect((await problems({ ...repository, open }))[0]).toMatch(/it gives 5 of \d+ bytes back/);
});

it('finds a repository that ignores where to read from', async () => {
  const open: Repository['open'] = (key) => repository.open(key);
  expect(await problems({ ...repository, open })).toEqual([
    'repository offsite does not keep a promise: it reads something else from the middle on',
  ]);
});

it('finds a repository that does not remove', async () => {
  const kept = { ...repository, removeFolder: async () => undefined };
  expect(await problems(kept)).toEqual([
    'repository offsite does not keep a promise: what was removed is still there',
  ]);
});

it('says why a repository does not answer, with the next step', async () => {
  await writeFile(join(folder, 'backups'), 'not a folder');
  const [first] = await prove(repository);
  expect(first).toMatchObject({ level: 'problem', message: expect.stringContaining('not a folder') });
  expect(first?.hint).not.toBe('');
});
