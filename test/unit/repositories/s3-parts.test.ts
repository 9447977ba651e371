import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, growingPartBytes, partBytesFor, sendParts } from '../../../src/repositories/s3/parts.js';

const MEBIBYTE = 1 << 20;
const LIMITS = { partBytes: 16 * MEBIBYTE, maxParts: 10_000 };

test('parts of a known length are as large as configured, unless there would be too many', () => {
  expect(partBytesFor(1, LIMITS)).toBe(16 * MEBIBYTE);
  expect(partBytesFor(160_000 * MEBIBYTE, LIMITS)).toBe(16 * MEBIBYTE);
  expect(partBytesFor(160_000 * MEBIBYTE + 1, LIMITS)).toBe(17 * MEBIBYTE);
  expect(partBytesFor(160_000 * MEBIBYTE, { ...LIMITS, maxParts: 1000 })).toBe(160 * MEBIBYTE);
});

test('parts of any known length are never more than the limit', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.integer({ min: 100, max: 10_000 }), (given, maxParts) => {
      const bytes = given % 5_497_558_138_880;
      const size = partBytesFor(bytes, { partBytes: 5 * MEBIBYTE, maxParts });
      expect(Math.ceil(bytes / size)).toBeLessThanOrEqual(maxParts);
    }),
  );
});

test.each([
  [10_000, 80, 1.4],
  [1000, 8, 0.14],
])(
  'parts of an unknown length: half of %i are equal, %i GiB, and all hold %f TiB',
  (maxParts, equal, all) => {
    const sizes = Array.from({ length: maxParts }, (_, n) =>
      growingPartBytes(n + 1, { ...LIMITS, maxParts }),
    );
    const half = sizes.slice(0, maxParts / 2);
    expect(new Set(half)).toEqual(new Set([LIMITS.partBytes]));
    expect(half.reduce((a, b) => a + b) / 2 ** 30).toBeGreaterThan(equal * 0.95);
    expect(sizes.reduce((a, b) => a + b) / 2 ** 40).toBeGreaterThan(all);
    expect(Math.max(...sizes)).toBe(512 * MEBIBYTE);
    expect(() => growingPartBytes(maxParts + 1, { ...LIMITS, maxParts })).toThrow(/does not fit/);
  },
);

async function* streamOf(chunks: number[]): AsyncGenerator<Buffer> {
  let byte = 0;
  for (const length of chunks) yield Buffer.from(Array.from({ length }, () => byte++ % 251));
}

test('a stream is cut exactly, however its chunks fall', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(40), { maxLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }),
      async (chunks, sizes) => {
        const sizeOf = (number: number) => sizes[(number - 1) % sizes.length] ?? 1;
        const parts: Buffer[] = [];
        for await (const { number, bytes } of cut(streamOf(chunks), sizeOf)) {
          expect(number).toBe(parts.length + 1);
          parts.push(bytes);
        }
        const whole: Buffer[] = [];
        for await (const chunk of streamOf(chunks)) whole.push(chunk);
        expect(Buffer.concat(parts)).toEqual(Buffer.concat(whole));
        parts.slice(0, -1).forEach((part, index) => {
          expect(part).toHaveLength(sizeOf(index + 1));
        });
        if (parts.length > 0) expect(parts.at(-1)?.length).toBeGreaterThan(0);
      },
    ),
  );
});

test('at most four parts are on their way, and after a failure no other is begun', async () => {
  let flying = 0;
  let most = 0;
  const begun: number[] = [];
  const parts = cut(streamOf([100]), () => 5);
  const sending = sendParts(parts, async ({ number }) => {
    begun.push(number);
    most = Math.max(most, ++flying);
    await new Promise(setImmediate);
    flying--;
    if (number === 7) throw new Error('part 7');
  });
  await expect(sending).rejects.toThrow('part 7');
  expect(most).toBe(4);
  expect(flying).toBe(0);
  expect(begun.length).toBeLessThanOrEqual(11);
});
