import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { readWords } from '../../../src/tools/stderr-lines.js';

const read = async (...chunks: (string | Buffer)[]) => {
  const stream = new PassThrough();
  const lines: string[] = [];
  const words = readWords(stream, { onLine: (line) => lines.push(line), chatter: /^\{/ });
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream);
  return { lines, words };
};

describe('a program’s words', () => {
  it('are passed on line by line, however they arrive', async () => {
    const { lines } = await read('on', 'e\ntwo\nth', Buffer.from([0xc3]), Buffer.from([0xa9]), 'e');
    expect(lines).toEqual(['one', 'two', 'thée']);
  });

  it('are kept from their start and from their end only', async () => {
    const { lines, words } = await read('first\n', 'x\n'.repeat(20_000), 'last');
    expect(lines).toHaveLength(20_002);
    expect(words.tail()).toBe(`${'x\n'.repeat(2045)}last\n`);
    expect(words.both().startsWith('first\nx\n')).toBe(true);
    expect(words.both().endsWith('last\n')).toBe(true);
    expect(words.both().length).toBeLessThanOrEqual(8193);
  });

  it('are whole when they are few', async () => {
    expect((await read('one\n', 'two')).words.both()).toBe('one\ntwo\n');
  });

  it('are not what it says of itself to show that it lives, which is passed on and counted all the same', async () => {
    const { lines, words } = await read('{"bytes":1}\n', 'no room\n', '{"bytes":2}\n');
    expect(lines).toHaveLength(3);
    expect(words.count()).toBe(3);
    expect(words.both()).toBe('no room\n');
    expect(words.tail()).toBe('no room\n');
  });

  it('without a line break take no more memory than others', async () => {
    const { lines } = await read(...Array.from({ length: 100 }, () => 'y'.repeat(10_000)));
    expect(lines).toEqual(['y'.repeat(4096)]);
  });
});
