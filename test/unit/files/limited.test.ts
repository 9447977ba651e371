import { describe, expect, it } from 'vitest';
import { mapLimited } from '../../../src/files/limited.js';

describe('mapLimited', () => {
  it('gives results in order and never runs more than the limit at once', async () => {
    let running = 0;
    let most = 0;
    const results = await mapLimited([...Array(50).keys()], 7, async (item) => {
      running += 1;
      most = Math.max(most, running);
      for (let turn = 0; turn <= item % 5; turn += 1) await Promise.resolve();
      running -= 1;
      return item * 2;
    });
    expect(results).toEqual([...Array(50).keys()].map((item) => item * 2));
    expect(most).toBe(7);
  });

  it('fails when one call does, and begins no further one', async () => {
    const begun: number[] = [];
    const result = mapLimited([...Array(50).keys()], 2, async (item) => {
      begun.push(item);
      if (item === 3) throw new Error('no');
    });
    await expect(result).rejects.toThrow('no');
    await new Promise(setImmediate);
    expect(begun.length).toBeLessThan(6);
  });
});
