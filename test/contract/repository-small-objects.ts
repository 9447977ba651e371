import { expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { putInOrder } from '../../src/repositories/put-in-order.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { bytesOf } from '../support/repository.js';
import type { Given } from './repository-suite.js';

const KEY = 'edms/b1/manifest.json';
const BYTES = Buffer.from('{"version": 1}\n');

export const smallObjectPromises = (given: Given): void => {
  it('gives a small object back as it was put, and null where there is none', async () => {
    const { repository } = given();
    expect(await repository.get(KEY)).toBeNull();
    await repository.put(KEY, BYTES, runEffect);
    expect(await repository.get(KEY)).toEqual(BYTES);
    expect(await given().everything()).toEqual([KEY]);
  });

  it('takes the same bytes again as success', async () => {
    const { repository } = given();
    await repository.put(KEY, BYTES, runEffect);
    await repository.put(KEY, BYTES, runEffect);
    expect(await repository.get(KEY)).toEqual(BYTES);
    expect(await given().everything()).toEqual([KEY]);
  });

  it('never overwrites: other bytes are refused and the first ones stay', async () => {
    const { repository } = given();
    await repository.put(KEY, BYTES, runEffect);
    for (const other of ['', '{"version": 2}\n', `${BYTES}${BYTES}`]) {
      await expect(repository.put(KEY, Buffer.from(other), runEffect)).rejects.toMatchObject({
        code: 'OPERATION_LOST',
        message: expect.stringContaining('with other contents'),
      });
    }
    expect(await repository.get(KEY)).toEqual(BYTES);
    expect(await given().everything()).toEqual([KEY]);
  });

  it('lets one of several that are put at the same moment win, whole, and refuses the others', async () => {
    const { repository } = given();
    const rivals = ['a', 'b', 'c', 'd'].map((letter) => Buffer.alloc(200_000, letter));
    const outcomes = await Promise.allSettled(rivals.map((bytes) => repository.put(KEY, bytes, runEffect)));
    const winners = rivals.filter((_, index) => outcomes[index]?.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    expect(await repository.get(KEY)).toEqual(winners[0]);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'OPERATION_LOST' });
    expect(await given().everything()).toEqual([KEY]);
  });

  it('puts several in order: killed before or after any effect, the last one is there only with all before it', async () => {
    const { repository } = given();
    const objects = ['manifest.sig', 'manifest.json'].map((name, index) => ({
      key: `edms/b1/${name}`,
      bytes: Buffer.from(name.repeat(index + 1)),
    }));
    const keys = objects.map(({ key }) => key).sort();
    await killedEverywhere(async (_point, kill) => {
      await kill((effect) => putInOrder(repository, objects, effect));
      const there = (await repository.list('edms')).map(({ key }) => key).sort();
      if (there.includes(KEY)) expect(there).toEqual(keys);
      await putInOrder(repository, objects, runEffect);
      await putInOrder(repository, objects, runEffect);
      expect(await given().everything()).toEqual(keys);
      await repository.removeFolder('edms/b1', runEffect);
    });
    await repository.put('edms/b1/manifest.sig', Buffer.from('other'), runEffect);
    await expect(putInOrder(repository, objects, runEffect)).rejects.toMatchObject({
      code: 'OPERATION_LOST',
    });
    expect(await repository.get(KEY)).toBeNull();
  });

  it('removes one of several that were put together, and the others stay as they are', async () => {
    const { repository } = given();
    const objects = ['RESTORE.md', 'manifest.json'].map((name) => ({
      key: `edms/b1/${name}`,
      bytes: Buffer.from(name),
    }));
    await putInOrder(repository, objects, runEffect);
    await killedEverywhere(async (_point, kill) => {
      await kill((effect) => repository.remove('edms/b1/RESTORE.md', effect));
      await repository.remove('edms/b1/RESTORE.md', runEffect);
      expect(await given().everything()).toEqual([KEY]);
      for (const { key, bytes } of objects.slice(1))
        expect(await bytesOf(await repository.open(key))).toEqual(bytes);
      await putInOrder(repository, objects, runEffect);
    });
  });

  it('has the whole object or none when it is killed before or after any effect, and the next attempt succeeds', async () => {
    const { repository } = given();
    const points = await killedEverywhere(async (_point, kill) => {
      await kill((effect) => repository.put(KEY, BYTES, effect));
      expect([null, BYTES.toString()]).toContain((await repository.get(KEY))?.toString() ?? null);
      await repository.put(KEY, BYTES, runEffect);
      expect(await repository.get(KEY)).toEqual(BYTES);
      expect(await given().everything()).toEqual([KEY]);
      await repository.removeFolder('edms/b1', runEffect);
    });
    expect(points).toBeGreaterThanOrEqual(2);
  });
};
