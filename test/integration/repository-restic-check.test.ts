// Whether a restic repository can be used: restic is asked once, and again only when something there is another one.
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openRepository } from '../../src/repositories/open-repository.js';
import { makeResticTemplate, TEMPLATE_PASSWORD } from '../support/restic-template.js';

const { PATH } = process.env;

let folder: string;
let repository: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-restic-check-'));
  repository = join(folder, 'vault');
  await writeFile(join(folder, 'password'), `${TEMPLATE_PASSWORD}\n`, { mode: 0o600 });
  await makeResticTemplate(repository);
});
afterEach(() => {
  process.env.PATH = PATH;
  return rm(folder, { recursive: true, force: true });
});

const check = (): Promise<void> =>
  openRepository({
    ...{ kind: 'restic', name: 'vault', repository, environment: {} },
    password: `file:${join(folder, 'password')}`,
  }).check();

/** Whoever asks restic fails. */
const withoutRestic = (): void => {
  process.env.PATH = join(folder, 'empty');
};

it('is known once restic has answered, as long as nobody locks it and its keys stay', async () => {
  await check();
  withoutRestic();
  await check();
  const lock = join(repository, 'locks', 'f'.repeat(64));
  await writeFile(lock, '');
  await expect(check()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  await rm(lock);
  await check();
  const [key = ''] = await readdir(join(repository, 'keys'));
  await rename(join(repository, 'keys', key), join(repository, 'keys', '0'.repeat(64)));
  await expect(check()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
});

it('is asked again behind another password, and where another repository lies', async () => {
  await check();
  withoutRestic();
  await writeFile(join(folder, 'password'), 'another\n', { mode: 0o600 });
  await expect(check()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  await writeFile(join(folder, 'password'), `${TEMPLATE_PASSWORD}\n`, { mode: 0o600 });
  await check();
  await writeFile(join(repository, 'config'), 'another one');
  await expect(check()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
});

it('is refused where its folder cannot be written any more', async () => {
  await check();
  await rename(repository, join(folder, 'elsewhere'));
  await writeFile(repository, '');
  await expect(check()).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE' });
});
