import { expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import type { Given } from './repository-suite.js';

export const checkingPromises = (given: Given): void => {
  it('can be checked, empty or not, which leaves nothing behind', async () => {
    await given().repository.check();
    expect(await given().everything()).toEqual([]);
    await given().repository.put('edms/b1/manifest.json', Buffer.from('{}'), runEffect);
    await given().repository.check();
    expect(await given().everything()).toEqual(['edms/b1/manifest.json']);
  });

  it('knows how many bytes still fit, or says that it does not', async () => {
    const free = await given().repository.freeBytes();
    expect(free === null || free > 0).toBe(true);
  });

  it('says what and where it is', () => {
    const { repository, settings } = given();
    expect(repository).toMatchObject({ name: settings.name, kind: settings.kind });
    expect(repository.location).not.toBe('');
  });
};
