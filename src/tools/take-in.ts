// Takes an artifact in for a restic repository: counts it, hashes it, and gives it as restic deduplicates it best, which is a stream,
// or of an archive small files. A process of its own: gigabytes pass through it, and in the agent each of them would be garbage to
// collect, while everything else waits.
import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { IntakeLine } from './intake.js';
import { piecesInto } from './pieces.js';
import { writeAll } from './write-all.js';

/** Bytes: a snapshot of its own costs restic more than to keep that with others. */
const SMALL = 1 << 20;

/** Bytes read at once, always into the same memory. */
const AT_ONCE = 1 << 18;

const SAY_EVERY_MS = 1_000;

interface Sink {
  /** All of it. */
  small(all: Buffer): void;
  /** Of what is large. The memory may be used again when it returns. */
  write(chunk: Buffer): void;
  end(): void;
}

/** @param args a folder's name, or none for a stream. Gives the exit code. */
export const intakeOf = ([folder]: readonly string[]): number => {
  const say = (line: IntakeLine): void => writeAll(2, Buffer.from(`${JSON.stringify(line)}\n`));
  try {
    takeIn(folder === undefined ? passedOn() : piecesInto(folder, say), say);
    return 0;
  } catch (error) {
    return exitCodeOf(error);
  }
};

const takeIn = (sink: Sink, say: (line: IntakeLine) => void): void => {
  const hash = createHash('sha256');
  const beginning = readUpTo(Buffer.alloc(SMALL));
  let bytes = beginning.length;
  hash.update(beginning);
  const small = bytes < SMALL;
  if (small) sink.small(beginning);
  else {
    sink.write(beginning);
    const buffer = Buffer.alloc(AT_ONCE);
    let saidAt = 0;
    for (let read = readSync(0, buffer); read > 0; read = readSync(0, buffer)) {
      const chunk = buffer.subarray(0, read);
      hash.update(chunk);
      sink.write(chunk);
      bytes += read;
      if (Date.now() - saidAt < SAY_EVERY_MS) continue;
      saidAt = Date.now();
      say({ bytes });
    }
    sink.end();
  }
  say({ bytes, sha256: hash.digest('hex'), small });
};

/** Until it is full, or nothing more comes. */
const readUpTo = (buffer: Buffer): Buffer => {
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(0, buffer, filled, buffer.length - filled, null);
    if (read === 0) break;
    filled += read;
  }
  return buffer.subarray(0, filled);
};

const passedOn = (): Sink => {
  let begun = false;
  return {
    small: (all) => writeAll(1, Buffer.concat([Buffer.from('small\n'), all])),
    write: (chunk) => {
      if (!begun) writeAll(1, Buffer.from('large\n'));
      begun = true;
      writeAll(1, chunk);
    },
    end: () => {},
  };
};

/** Whoever reads it was gone: as of a program that a signal ends for it. */
const PIPE_EXIT_CODE = 141;

const exitCodeOf = (error: unknown): number => {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 'EPIPE' || code === 'ECONNRESET') return PIPE_EXIT_CODE;
  const words = code === 'ENOSPC' || code === 'EDQUOT' ? 'No space left on device' : String(error);
  writeAll(2, Buffer.from(`intake: ${words}\n`));
  return 1;
};
