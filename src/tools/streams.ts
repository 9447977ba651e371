// The two ends of a pipeline of programs that pass through this process: bytes are counted, and an end means what it says.
import { type Readable, Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What `source` gives, but ending only once `verdict` resolves; its rejection becomes the stream's error. */
export const endingOnlyAfter = (verdict: Promise<unknown>, source: Readable): CountedStream => {
  const counted = counting((done) => verdict.then(() => done(), done));
  counted.stream.on('error', () => {});
  pipeline(source, counted.stream).catch(() => {});
  return counted;
};

export interface CountedStream {
  stream: Transform;
  bytes: () => number;
}

export interface Feed {
  bytes: () => number;
  /** All of the input was taken. */
  finished: () => boolean;
  /** Settles when the input is closed. `input failed`: it threw; `not read`: the program did not take all of it. */
  done: Promise<{ outcome: 'read' } | { outcome: 'input failed' | 'not read'; error: unknown }>;
}

/** Writes all of `input` into a program's stdin. */
export const feed = (input: Readable, stdin: Writable): Feed => {
  let failed: 'input failed' | 'not read' | undefined;
  let finished = false;
  input.once('error', () => {
    failed ??= 'input failed';
  });
  stdin.once('error', () => {
    failed ??= 'not read';
  });
  const counted = counting((done) => done());
  const done = pipeline(input, counted.stream, stdin).then(
    () => {
      finished = true;
      return { outcome: 'read' as const };
    },
    (error: unknown) => ({ outcome: failed ?? 'not read', error }),
  );
  return { bytes: counted.bytes, finished: () => finished, done };
};

const counting = (beforeEnd: (done: (error?: Error | null) => void) => void): CountedStream => {
  let bytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(null, chunk);
    },
    flush: beforeEnd,
  });
  return { stream, bytes: () => bytes };
};
