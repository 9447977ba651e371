import { expect, it } from 'vitest';
import { openRepository } from '../../src/repositories/open-repository.js';
import { randomObject, receiveContext, sent } from '../support/received.js';
import { bytesOf } from '../support/repository.js';
import type { Given } from './repository-suite.js';

const KEY = 'edms/b1/files.storage.tar.zst';
const BANDWIDTH = 1_000_000;
const BYTES = 2_500_000;

export const bandwidthPromises = (given: Given): void => {
  const receive = async (bandwidth: { bandwidth?: number }, key: string): Promise<number> => {
    const whole = randomObject(BYTES);
    const repository = openRepository({ ...given().settings, ...bandwidth });
    const begun = performance.now();
    await repository.receive(key, sent(whole), receiveContext());
    const took = performance.now() - begun;
    expect((await bytesOf(await repository.open(key))).equals(whole)).toBe(true);
    return took;
  };

  it('takes over no faster than its bandwidth allows, but for what restic sends at once in the first second', async () => {
    const slow = await receive({ bandwidth: BANDWIDTH }, KEY);
    const atOnce = given().settings.kind === 'restic' ? BANDWIDTH : 0;
    expect(slow).toBeGreaterThan(((BYTES - atOnce) / BANDWIDTH) * 1000 - 50);
  });

  it('gives back what it stores without waiting: a restore is never slowed down', async () => {
    const whole = randomObject(BYTES);
    await given().repository.receive(KEY, sent(whole), receiveContext());
    const slow = openRepository({ ...given().settings, bandwidth: 64_000 });
    const begun = performance.now();
    expect((await bytesOf(await slow.open(KEY))).equals(whole)).toBe(true);
    expect(performance.now() - begun).toBeLessThan((BYTES / 64_000) * 1000);
  });
};
