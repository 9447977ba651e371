// Whether a restic repository can be used: restic is asked once, and again only when something there is another one.
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryName } from '../../src/repositories/local/publish.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { TEMPLATE_PASSWORD } from '../support/restic-template.js';
import { type ResticVault, resticVault } from '../support/restic-vault.js';

const { PATH } = process.env;

let vault: ResticVault;
let repository: string;
beforeEach(async () => {
  vault = await resticVault();
  repository = join(vault.folder, 'vault');
});
afterEach(() => {
  process.env.PATH = PATH;
  return rm(vault.folder, { recursive: true, force: true });
});

const check = (): Promise<void> => openRepository(vault.at('vault')).check();

/** Whoever asks restic fails. */
const withoutRestic = (): void => {
  process.env.PATH = join(vault.folder, 'empty');
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
  await writeFile(vault.password, 'another\n', { mode: 0o600 });
  await expect(check()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  await writeFile(vault.password, `${TEMPLATE_PASSWORD}\n`, { mode: 0o600 });
  await check();
  await writeFile(join(repository, 'config'), 'another one');
  await expect(check()).rejects.toMatchObject({ code: 'TOOL_MISSING' });
});

it('is known only as long as something can be written there', async () => {
  await check();
  withoutRestic();
  const left = temporaryName('probe');
  await writeFile(join(repository, left), '');
  await check();
  expect(await readdir(repository)).not.toContain(left);
});

it('is refused where its folder cannot be written any more', async () => {
  await check();
  await rename(repository, join(vault.folder, 'elsewhere'));
  await writeFile(repository, '');
  await expect(check()).rejects.toMatchObject({ code: 'REPOSITORY_UNREACHABLE' });
});
