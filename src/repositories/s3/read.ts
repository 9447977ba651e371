// Reads an object from an offset on. A connection that breaks or falls silent is opened again where it stopped.
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Bucket } from './bucket.js';
import { isAnswer } from './failure.js';

/** The object was there when this resolves. Failure REPOSITORY_UNREACHABLE in the stream once five connections gave nothing. */
export const readObject = async (bucket: Bucket, key: string, offset: number): Promise<Readable> => {
  const begun = await opened(bucket, key, { offset });
  if (begun === null) return Readable.from([]);
  const first: Opened = begun;
  let current = first;
  async function* bytes(): AsyncGenerator<Buffer> {
    let at = offset;
    for (let silent = 0; at < first.end; ) {
      try {
        for await (const chunk of current.body) {
          at += chunk.length;
          silent = 0;
          yield chunk;
        }
        if (at < first.end) throw new Error('the connection ended too early');
      } catch (error) {
        current = await again(error, ++silent, at);
      }
    }
  }
  const again = async (error: unknown, silent: number, at: number): Promise<Opened> => {
    if (silent >= TRIES) return await bucket.ask(() => Promise.reject(error));
    await pause(PAUSE_MS * 2 ** (silent - 1));
    return (await opened(bucket, key, { offset: at, tag: first.tag })) ?? first;
  };
  const stream = Readable.from(bytes(), { objectMode: false });
  return stream.once('close', () => current.body.destroy());
};

const TRIES = 5;
const PAUSE_MS = 250;

interface Opened {
  body: Readable;
  /** Length of the whole object. */
  end: number;
  tag: string | undefined;
}

/** null: nothing is there from this offset on. `tag`: it must still be the same object. */
const opened = async (
  bucket: Bucket,
  key: string,
  { offset, tag }: { offset: number; tag?: string | undefined },
): Promise<Opened | null> => {
  const range = offset === 0 ? {} : { Range: `bytes=${offset}-` };
  const same = tag === undefined ? {} : { IfMatch: tag };
  try {
    return await bucket.ask(async (s3, options) => {
      const found = await s3.getObject({ ...bucket.place(key), ...range, ...same }, options);
      const body = found.Body instanceof Readable ? found.Body : Readable.from([]);
      return { body, end: offset + (found.ContentLength ?? 0), tag: found.ETag };
    });
  } catch (error) {
    if (isAnswer(error, 'InvalidRange', '416')) return null;
    throw error;
  }
};
