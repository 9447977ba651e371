import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { beginningOf } from '../../../src/repositories/restic/beginning.js';

async function* chunksOf(sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (const [index, size] of sizes.entries()) yield Buffer.alloc(size, index + 1);
}

it.each([[[]], [[0]], [[5, 7]], [[(1 << 20) - 1]]])('has all of what is small: %j', async (sizes) => {
  const { all, bytes } = await beginningOf(chunksOf(sizes));
  expect(all).toEqual(await buffer(chunksOf(sizes)));
  expect(await buffer(bytes)).toHaveLength(0);
});

it.each([[[1 << 20]], [[700_000, 700_000, 3]]])(
  'gives what is large from its beginning on: %j',
  async (sizes) => {
    const { all, bytes } = await beginningOf(chunksOf(sizes));
    expect(all).toBeNull();
    expect((await buffer(bytes)).equals(await buffer(chunksOf(sizes)))).toBe(true);
  },
);
