import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { digestOf } from '../../../src/repositories/hash.js';

const chunks = ['a', 'bc', '', 'def'].map((text) => Buffer.from(text));

it('counts and hashes what passes, and gives each chunk with the total so far', async () => {
  const seen: [string, number][] = [];
  const digest = await digestOf(Readable.from(chunks), (chunk, total) => {
    seen.push([chunk.toString(), total]);
  });
  expect(digest).toEqual({ bytes: 6, sha256: createHash('sha256').update('abcdef').digest('hex') });
  expect(seen).toEqual([
    ['a', 1],
    ['bc', 3],
    ['', 3],
    ['def', 6],
  ]);
});

it('reads no further chunk before the one before is used', async () => {
  let busy = 0;
  await digestOf(Readable.from(chunks), async () => {
    busy += 1;
    await new Promise((resolve) => setImmediate(resolve));
    expect(busy).toBe(1);
    busy -= 1;
  });
});

it('fails with what the stream or its user fails with', async () => {
  const broken = new Readable({ read: () => broken.destroy(new Error('unplugged')) });
  await expect(digestOf(broken)).rejects.toThrow('unplugged');
  const use = () => Promise.reject(new Error('full'));
  await expect(digestOf(Readable.from(chunks), use)).rejects.toThrow('full');
});
