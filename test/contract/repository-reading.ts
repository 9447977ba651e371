import { beforeEach, expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { bytesOf, shellSource, storeContext } from '../support/repository.js';
import { type Given, storedName } from './repository-suite.js';

export const readingPromises = (given: Given): void => {
  const key = () => `edms/b1/${storedName(given(), 'globals.sql')}`;
  let whole: Buffer;
  beforeEach(async () => {
    const source = shellSource('globals.sql', 'head -c 3000000 /dev/urandom');
    await given().repository.store('edms/b1', source, storeContext());
    whole = await bytesOf(await given().repository.open(key()));
  });

  it.each([0, 1, 65_536, 1_048_577, 2_999_999])('gives the stored bytes from offset %i', async (offset) => {
    const rest = await bytesOf(await given().repository.open(key(), offset));
    expect(rest.equals(whole.subarray(offset))).toBe(true);
  });

  it('gives nothing from the end on', async () => {
    for (const offset of [whole.length, whole.length + 10])
      expect(await bytesOf(await given().repository.open(key(), offset))).toHaveLength(0);
  });

  it('calls an artifact that is not there damaged, and names it', async () => {
    await expect(given().repository.open('edms/b1/gone.zst')).rejects.toMatchObject({
      code: 'CORRUPT_ARTIFACT',
      message: expect.stringContaining('edms/b1/gone.zst'),
    });
    await expect(given().repository.open('edms/gone/gone.zst')).rejects.toMatchObject({
      code: 'CORRUPT_ARTIFACT',
    });
  });

  it('lists every complete object below a folder with its size and time, and nothing beside it', async () => {
    const { repository } = given();
    await repository.put('edms/b2/manifest.json', Buffer.from('{}'), runEffect);
    await repository.put('edms2/b1/manifest.json', Buffer.from('other'), runEffect);
    const listed = (await repository.list('edms')).toSorted((a, b) => a.key.localeCompare(b.key));
    expect(listed.map(({ modifiedAt: _, ...object }) => object)).toEqual([
      { key: key(), bytes: whole.length },
      { key: 'edms/b2/manifest.json', bytes: 2 },
    ]);
    for (const { modifiedAt } of listed)
      expect(Math.abs(Date.now() - modifiedAt.getTime())).toBeLessThan(60_000);
    expect((await repository.list('edms/b2')).map((object) => object.key)).toEqual(['edms/b2/manifest.json']);
  });

  it('lists nothing where there is no folder', async () => {
    expect(await given().repository.list('nothing')).toEqual([]);
    expect(await given().repository.list('edms/b9')).toEqual([]);
  });
};
