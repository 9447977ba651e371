import { expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { randomObject, receiveContext, sent } from '../support/received.js';
import { bytesOf, shellSource, storeContext } from '../support/repository.js';
import { type Given, storedName } from './repository-suite.js';

const KEY = 'edms/b1/files.storage.tar.zst';

export const receivePromises = (given: Given): void => {
  it.each([0, 1, 65_536, 3_000_001])('takes over an object of %i bytes as it is', async (bytes) => {
    const { repository } = given();
    const source = sent(randomObject(bytes));
    await repository.receive(KEY, source, receiveContext());
    expect((await bytesOf(await repository.open(KEY))).equals(source.whole)).toBe(true);
    expect((await repository.list('edms')).map(({ key, bytes: listed }) => ({ key, bytes: listed }))).toEqual(
      [{ key: KEY, bytes }],
    );
    expect(await given().everything()).toEqual([KEY]);
  });

  it('says how much of it is there', async () => {
    const said: number[] = [];
    const source = sent(randomObject(3_000_000));
    await given().repository.receive(KEY, source, receiveContext({ onProgress: (n) => said.push(n) }));
    expect(said.at(-1)).toBe(3_000_000);
    expect(said).toEqual(said.toSorted((a, b) => a - b));
  });

  it('reads nothing of an object that is there already', async () => {
    const { repository } = given();
    const source = sent(randomObject(500_000));
    await repository.receive(KEY, source, receiveContext());
    const again = sent(source.whole);
    await repository.receive(KEY, again, receiveContext());
    expect(again.read()).toBe(0);
    expect(await given().everything()).toEqual([KEY]);
  });

  it('never overwrites: what is there with other contents stays, until it is removed', async () => {
    const { repository } = given();
    const first = sent(randomObject(500_000));
    await repository.receive(KEY, first, receiveContext());
    for (const bytes of [500_000, 400_000]) {
      const other = sent(randomObject(bytes));
      await expect(repository.receive(KEY, other, receiveContext())).rejects.toMatchObject({
        code: 'CORRUPT_ARTIFACT',
        message: expect.stringContaining('files.storage.tar.zst'),
      });
      expect((await bytesOf(await repository.open(KEY))).equals(first.whole)).toBe(true);
      expect(await given().everything()).toEqual([KEY]);
    }
    const other = sent(randomObject(400_000));
    await repository.remove(KEY, runEffect);
    await repository.receive(KEY, other, receiveContext());
    expect((await bytesOf(await repository.open(KEY))).equals(other.whole)).toBe(true);
  });

  it('fills a backup whose manifest is there already', async () => {
    const { repository } = given();
    await repository.put('edms/b1/manifest.json', Buffer.from('{}'), runEffect);
    await repository.receive(KEY, sent(randomObject(5)), receiveContext());
    expect((await given().everything()).toSorted()).toEqual([KEY, 'edms/b1/manifest.json'].toSorted());
  });

  const wrong = {
    'another SHA-256': { sha256: '0'.repeat(64) },
    'fewer bytes': { bytes: 499_999 },
    'more bytes': { bytes: 500_001 },
  };
  it.each(Object.entries(wrong))('takes nothing that was announced with %s', async (_title, announced) => {
    const { repository } = given();
    const source = { ...sent(randomObject(500_000)), ...announced };
    await expect(repository.receive(KEY, source, receiveContext())).rejects.toMatchObject({
      code: 'CORRUPT_ARTIFACT',
    });
    expect(await given().everything()).toEqual([]);
    expect(await repository.list('edms')).toEqual([]);
  });

  it('takes over what another repository stored', async () => {
    const { repository } = given();
    const stored = await repository.store('edms/b0', shellSource('a.dump', 'seq 1 50000'), storeContext());
    const open = (offset: number) => repository.open(`edms/b0/${storedName(given(), 'a.dump')}`, offset);
    await repository.receive('edms/b1/a.dump.zst', { ...stored, open }, receiveContext());
    const [a, b] = [await open(0), await repository.open('edms/b1/a.dump.zst')].map(bytesOf);
    expect(await a).toEqual(await b);
  });
};
