import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { atPace, unhurried } from '../../../src/repositories/unhurried.js';

const seconds = async (act: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await act();
  return (performance.now() - begun) / 1000;
};

it('bytes take at least the time that they are allowed', async () => {
  const pace = unhurried(1_000_000);
  const took = await seconds(async () => {
    for (let times = 0; times < 30; times++) await pace(10_000);
  });
  expect(took).toBeGreaterThan(0.298);
});

it('two that share one share its limit', async () => {
  const pace = unhurried(1_000_000);
  const stream = () => buffer(atPace(Readable.from([Buffer.alloc(150_000)], { objectMode: false }), pace));
  expect(await seconds(() => Promise.all([stream(), stream()]))).toBeGreaterThan(0.298);
});

it('a stream at a pace is the same stream, and its source ends with it', async () => {
  const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251));
  const at = () => atPace(Readable.from([bytes], { objectMode: false }), unhurried(100_000_000));
  expect((await buffer(at())).equals(bytes)).toBe(true);
  const silent = new Readable({ read: () => undefined });
  atPace(silent, unhurried(1))
    .on('data', () => undefined)
    .destroy();
  await new Promise((resolve) => silent.once('close', resolve));
  expect(silent.destroyed).toBe(true);
});
