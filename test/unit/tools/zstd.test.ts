import { describe, expect, it } from 'vitest';
import { rawBytesOf } from '../../../src/tools/zstd.js';

describe('the number of bytes that zstd was given', () => {
  it.each([
    [
      '1.5',
      '/*stdin*\\            :100.00%   (60000000 B => 60001384 B, /*stdout*\\) \n/*stdin*\\ : Completed in 0.19 sec',
      60000000,
    ],
    ['1.4', '/*stdin*\\            : 16.45%   (60000000 => 9868800 bytes, /*stdout*\\) ', 60000000],
    ['an empty input', '/*stdin*\\            :  (     0 B =>     13 B, /*stdout*\\) ', 0],
  ])('is read from its last words (%s)', (_case, words, bytes) => {
    expect(rawBytesOf(words)).toBe(bytes);
  });

  it('is unknown where it is rounded or not said', () => {
    expect(rawBytesOf('/*stdin*\\ : 16.45% (57.2 MiB => 9.41 MiB, /*stdout*\\)')).toBeNull();
    expect(rawBytesOf('')).toBeNull();
  });
});
