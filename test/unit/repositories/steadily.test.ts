import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { steadily } from '../../../src/repositories/steadily.js';

const all = async (
  open: () => Promise<Readable>,
  given: { signal?: AbortSignal; stallTimeoutMs?: number } = {},
) => {
  const read: Buffer[] = [];
  const options = { signal: new AbortController().signal, stallTimeoutMs: 0, ...given };
  for await (const chunk of steadily(open, options)) read.push(chunk);
  return Buffer.concat(read).toString();
};

async function* broken() {
  yield Buffer.from('some');
  throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', errno: -104, syscall: 'read' });
}

describe('what is copied', () => {
  it('is read to its end', async () => {
    expect(await all(async () => Readable.from([Buffer.from('so'), Buffer.from('me')]))).toBe('some');
  });

  it('is tried again when the line breaks: that says nothing of the disk that receives it', async () => {
    await expect(all(async () => Readable.from(broken()))).rejects.toMatchObject({
      code: 'REPOSITORY_UNREACHABLE',
      retryable: true,
      message: expect.stringContaining('ECONNRESET'),
    });
  });

  it('fails when nothing opens or comes for too long', async () => {
    const never = () => new Promise<Readable>(() => {});
    await expect(all(never, { stallTimeoutMs: 50 })).rejects.toMatchObject({ code: 'STALLED' });
  });

  it('closes a stream that opens when nobody waits for it any more', async () => {
    const stream = Readable.from([Buffer.from('late')]);
    let open: (stream: Readable) => void = () => undefined;
    const opening = new Promise<Readable>((resolve) => {
      open = resolve;
    });
    const stop = new AbortController();
    const reading = all(() => opening, { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
    open(stream);
    await opening;
    await Promise.resolve();
    expect(stream.destroyed).toBe(true);
  });
});
