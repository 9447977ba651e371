import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ageKey, decrypted, type Key } from '../support/age-keys.js';
import { bytesOf, decoded, sha256, shellSource, storeContext } from '../support/repository.js';
import type { Given } from './repository-suite.js';

const NAME = 'database.main.dump';

export const encryptedPromises = (given: Given): void => {
  let folder: string;
  let key: Key;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-keys-'));
    key = ageKey(folder, 'mine');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const store = (script: string) =>
    given().repository.store(
      'edms/b1',
      shellSource(NAME, script),
      storeContext({ recipients: [key.recipient] }),
    );
  const openedBy = (bytes: Buffer): Buffer => decoded(given().storesAsGiven ? bytes : decrypted(bytes, key));

  it('stores for the recipients alone, and says so', async () => {
    const stored = await store('seq 1 100000');
    const asGiven = given().storesAsGiven;
    expect(stored.name).toBe(asGiven ? NAME : `${NAME}.zst.age`);
    expect(stored.transforms).toEqual(asGiven ? [] : ['zstd', 'age']);
    const bytes = await bytesOf(await given().repository.open(`edms/b1/${stored.name}`));
    expect(stored).toMatchObject({ bytes: bytes.length, sha256: sha256(bytes), rawBytes: 588_895 });
    expect(openedBy(bytes).toString().split('\n').at(-2)).toBe('100000');
    expect(await given().everything()).toEqual([`edms/b1/${stored.name}`]);
  });

  it('shows nothing of an encrypted artifact whose source fails', async () => {
    await expect(store('head -c 3000000 /dev/urandom; exit 3')).rejects.toMatchObject({
      code: 'TOOL_FAILED',
    });
    expect(await given().repository.list('edms')).toEqual([]);
  });

  it('replaces what an earlier attempt had encrypted, as a whole', async () => {
    await store('seq 1 9');
    const { name } = await store('echo again');
    const bytes = await bytesOf(await given().repository.open(`edms/b1/${name}`));
    expect(openedBy(bytes).toString()).toBe('again\n');
    expect(await given().everything()).toHaveLength(1);
  });
};
