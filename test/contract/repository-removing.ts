import { expect, it } from 'vitest';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { shellSource, storeContext } from '../support/repository.js';
import { type Given, storedName } from './repository-suite.js';

const MANIFEST = 'edms/b1/manifest.json';

export const removingPromises = (given: Given): void => {
  const fill = async (): Promise<void> => {
    const { repository } = given();
    for (const name of ['a.dump', 'z.tar'])
      await repository.store('edms/b1', shellSource(name, 'seq 1 99'), storeContext());
    await repository.put('edms/b1/RESTORE.md', Buffer.from('how'), runEffect);
    await repository.put(MANIFEST, Buffer.from('{}'), runEffect);
  };

  it('removes one object and leaves the others; gone already is fine', async () => {
    await fill();
    for (let times = 0; times < 2; times++)
      await given().repository.remove(`edms/b1/${storedName(given(), 'z.tar')}`, runEffect);
    await given().repository.remove('edms/never/a', runEffect);
    expect((await given().everything()).toSorted()).toEqual(
      ['edms/b1/RESTORE.md', `edms/b1/${storedName(given(), 'a.dump')}`, MANIFEST].toSorted(),
    );
  });

  it('removes a folder’s objects and leaves the other ones', async () => {
    await fill();
    await given().repository.put('edms/b2/manifest.json', Buffer.from('{}'), runEffect);
    await given().repository.removeFolder('edms/b1', runEffect);
    expect(await given().everything()).toEqual(['edms/b2/manifest.json']);
  });

  it('removes the manifest before anything else', async () => {
    await fill();
    const left: string[][] = [];
    const watching: Effect = async (_name, act) => {
      const done = await act();
      left.push(await given().everything());
      return done;
    };
    await given().repository.removeFolder('edms/b1', watching);
    expect(left[0]).not.toContain(MANIFEST);
    expect(left[0]).toHaveLength(3);
    expect(left.at(-1)).toEqual([]);
  });

  it('never leaves a manifest without its artifacts, wherever it is killed, and goes on the next time', async () => {
    const { repository } = given();
    const points = await killedEverywhere(async (_point, kill) => {
      await repository.store('edms/b1', shellSource('a.dump', 'seq 1 99'), storeContext());
      await repository.put(MANIFEST, Buffer.from('{}'), runEffect);
      await kill((effect) => repository.removeFolder('edms/b1', effect));
      const left = await given().everything();
      if (left.includes(MANIFEST)) expect(left).toHaveLength(2);
      await given().repository.removeFolder('edms/b1', runEffect);
      expect(await given().everything()).toEqual([]);
    });
    expect(points).toBeGreaterThanOrEqual(4);
  });

  it('removes what an interrupted attempt left', async () => {
    const { repository } = given();
    const source = shellSource('a.dump', 'seq 1 99999');
    await killedEverywhere(async (_point, kill) => {
      await kill((effect) => repository.store('edms/b1', source, storeContext({ effect })));
      await repository.removeFolder('edms/b1', runEffect);
      expect(await given().everything()).toEqual([]);
    });
  });

  it('finds it fine that a folder is gone already', async () => {
    await given().repository.removeFolder('edms/never', runEffect);
    await fill();
    await given().repository.removeFolder('edms/b1', runEffect);
    await given().repository.removeFolder('edms/b1', runEffect);
    expect(await given().everything()).toEqual([]);
  });
};
