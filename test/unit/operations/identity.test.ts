import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { withIdentity } from '../../../src/operations/identity.js';
import { ageKey } from '../../support/age-keys.js';

const ENCRYPTED = [{ transforms: ['zstd' as const, 'age' as const] }];

const prepared = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-identity-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const { file } = ageKey(folder, 'mine');
  return { file, scratch: join(folder, 'scratch'), encryption: { recipients: [], identity: `file:${file}` } };
};

it('the key is in a private file in a private folder while it is used, and gone afterwards', async () => {
  const { file, scratch, encryption } = await prepared();
  await withIdentity({ encryption, artifacts: ENCRYPTED, folder: scratch }, async (identity) => {
    expect(await readFile(identity ?? '', 'utf8')).toBe(await readFile(file, 'utf8'));
    expect((await stat(identity ?? '')).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(identity ?? ''))).mode & 0o777).toBe(0o700);
  });
  expect(await readdir(scratch)).toEqual([]);
});

it('it is gone after a failure too, and two that read at once do not share it', async () => {
  const { scratch, encryption } = await prepared();
  const need = { encryption, artifacts: ENCRYPTED, folder: scratch };
  const failing = withIdentity(need, (first) =>
    withIdentity(need, async (second) => {
      expect(second).not.toBe(first);
      throw new Error('nothing decodes');
    }),
  );
  await expect(failing).rejects.toThrow('nothing decodes');
  expect(await readdir(scratch)).toEqual([]);
});

it('no key is looked for where none is needed or none is configured', async () => {
  const { scratch, encryption } = await prepared();
  const plain = [{ transforms: ['zstd' as const] }];
  const missing = { recipients: [], identity: 'file:/nowhere' };
  for (const need of [
    { encryption: missing, artifacts: plain },
    { encryption: null, artifacts: ENCRYPTED },
    { encryption: { ...encryption, identity: null }, artifacts: ENCRYPTED },
  ])
    expect(await withIdentity({ ...need, folder: scratch }, async (identity) => identity)).toBeNull();
});
