import { expect, it } from 'vitest';
import { runEffect } from '../../src/domain/effect.js';
import { killedEverywhere } from '../support/killed-effect.js';
import { journal, randomObject, receiveContext, type Sent, sent } from '../support/received.js';
import { bytesOf } from '../support/repository.js';
import type { Given } from './repository-suite.js';

const KEY = 'edms/b1/files.storage.tar.zst';
/** More than a few of the parts in which any kind sends. */
const BYTES = 40 << 20;

export const receiveInterruptedPromises = (given: Given): void => {
  const isWhole = async (whole: Buffer): Promise<boolean> =>
    (await bytesOf(await given().repository.open(KEY))).equals(whole);

  const requireLittleReadAgain = (rest: Sent): void => {
    if (given().resumes === false) expect(rest.read()).toBe(BYTES);
    else expect(rest.read()).toBeLessThan(0.6 * BYTES);
  };

  it('shows the whole object or none when it is killed before or after any effect, and goes on', async () => {
    const { repository } = given();
    const whole = randomObject(500_000);
    const points = await killedEverywhere(async (_point, kill) => {
      const context = receiveContext();
      await kill((effect) => repository.receive(KEY, sent(whole), { ...context, effect }));
      for (const { key } of await repository.list('edms')) {
        expect(key).toBe(KEY);
        expect(await isWhole(whole)).toBe(true);
      }
      await repository.receive(KEY, sent(whole), context);
      expect(await isWhole(whole)).toBe(true);
      expect(await given().everything()).toEqual([KEY]);
      await repository.removeFolder('edms/b1', runEffect);
    });
    expect(points).toBeGreaterThanOrEqual(4);
  });

  it('goes on where the line broke: less than 60 % is read again after half of it, where the kind can', async () => {
    const { repository } = given();
    const whole = randomObject(BYTES);
    const context = receiveContext();
    const broken = repository.receive(KEY, sent(whole, { cutAt: BYTES / 2 }), context);
    await expect(broken).rejects.toThrow();
    expect(await repository.list('edms')).toEqual([]);
    const rest = sent(whole);
    await repository.receive(KEY, rest, context);
    expect(await isWhole(whole)).toBe(true);
    requireLittleReadAgain(rest);
    expect(await given().everything()).toEqual([KEY]);
  });

  it('fails with STALLED when no byte comes any more, and goes on from there', async () => {
    const { repository } = given();
    const whole = randomObject(BYTES);
    const context = receiveContext({ stallTimeoutMs: 700 });
    const stalled = repository.receive(KEY, sent(whole, { cutAt: BYTES / 2, hang: true }), context);
    await expect(stalled).rejects.toMatchObject({ code: 'STALLED' });
    const rest = sent(whole);
    await repository.receive(KEY, rest, { ...context, stallTimeoutMs: 0 });
    expect(await isWhole(whole)).toBe(true);
    requireLittleReadAgain(rest);
  });

  it('stops when it is told to, and shows nothing', async () => {
    const { repository } = given();
    const abort = new AbortController();
    const receiving = repository.receive(
      KEY,
      sent(randomObject(BYTES), { cutAt: BYTES / 2, hang: true }),
      receiveContext({ signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) }),
    );
    await expect(receiving).rejects.toThrow('enough');
    expect(await repository.list('edms')).toEqual([]);
  });

  it('takes other contents under the same name without what an earlier copy left', async () => {
    const { repository } = given();
    const context = receiveContext({ journal: journal() });
    const first = sent(randomObject(BYTES), { cutAt: BYTES / 2 });
    await expect(repository.receive(KEY, first, context)).rejects.toThrow();
    const other = randomObject(BYTES);
    await repository.receive(KEY, sent(other), context);
    expect(await isWhole(other)).toBe(true);
    expect(await given().everything()).toEqual([KEY]);
  });
};
