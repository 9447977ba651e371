import { expect, it } from 'vitest';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { shellSource, storeContext } from '../support/repository.js';
import { type Given, storedName } from './repository-suite.js';

const NAME = 'files.storage.tar';

export const unfinishedPromises = (given: Given): void => {
  it('tells what an agent left that was killed before it was whole, and no more; what is removed of it is gone', async () => {
    const { repository } = given();
    await repository.store('edms/b0', shellSource(NAME, 'seq 1 9'), storeContext());
    await repository.put('edms/b0/manifest.json', Buffer.from('{}'), runEffect);
    const whole = await given().everything();
    expect(await repository.unfinished('edms')).toEqual([]);
    const began = Date.now();
    await untilPublished((effect) =>
      repository.store('edms/b1', shellSource(NAME, 'seq 1 300000'), storeContext({ effect })),
    );
    const left = await repository.unfinished('edms');
    expect(left.length).toBeGreaterThanOrEqual(1);
    for (const { key, modifiedAt } of left) {
      expect(key).toContain(`edms/b1/`);
      expect(key).toContain(storedName(given(), NAME));
      expect(Math.abs(modifiedAt.getTime() - began)).toBeLessThan(60_000);
    }
    expect(await repository.unfinished('other')).toEqual([]);
    for (const one of left) await one.remove(runEffect);
    for (const one of left) await one.remove(runEffect);
    expect(await given().everything()).toEqual(whole);
    expect((await repository.unfinished('edms')).filter(({ words }) => words !== 'an empty folder')).toEqual(
      [],
    );
  });
};

/** Killed when everything is stored and has no name yet. */
const untilPublished = (act: (effect: Effect) => Promise<unknown>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const effect: Effect = (name, happen) => {
      if (!name.startsWith('publish')) return happen();
      resolve(name);
      return new Promise(() => undefined);
    };
    act(effect).then(() => reject(new Error('it was published')), reject);
  });
