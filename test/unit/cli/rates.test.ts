import { describe, expect, it } from 'vitest';
import { addSamples, rateOf, type Samples } from '../../../src/cli/render/rates.js';

const samplesOf = (...looks: [at: number, bytes: number][]): Samples =>
  looks.reduce<Samples>(
    (samples, [at, bytes]) => addSamples(samples, [{ source: 'database.main', bytes, expected: 0 }], at),
    new Map(),
  );

describe('the rate of a transfer', () => {
  it('is unknown until two heartbeats differ', () => {
    expect(rateOf(samplesOf([0, 100], [500, 100]), 'database.main')).toBeNull();
  });
  it('spans the looks between which nothing new was heard', () => {
    expect(rateOf(samplesOf([0, 0], [500, 0], [1000, 0], [2000, 4000]), 'database.main')).toBe(2000);
  });
  it('forgets what is older than ten seconds', () => {
    expect(rateOf(samplesOf([0, 0], [1000, 1_000_000], [15_000, 1_014_000]), 'database.main')).toBe(1000);
  });
  it('starts again when the transfer starts again', () => {
    expect(rateOf(samplesOf([0, 0], [1000, 5000], [2000, 10]), 'database.main')).toBeNull();
  });
});
