// Reads a dump's SQL and writes what it holds, a line for each object. A process of its own: gigabytes pass through it, and
// in the agent each of them would be garbage to collect, while everything else waits.
import { readSync } from 'node:fs';
import type { DumpLine } from './dump-lines.js';
import { readDumpText } from './dump-text.js';
import { writeAll } from './write-all.js';

/** Bytes read at once, always into the same memory. */
const AT_ONCE = 1 << 18;

/** How often it says how far it is: a sign of life in the middle of a large table. */
const SAY_EVERY_MS = 1_000;

/** From one file descriptor to another, until the first one's end. */
export const readDump = ({ from, to }: { from: number; to: number }): void => {
  const say = (line: DumpLine): void => writeAll(to, Buffer.from(`${JSON.stringify(line)}\n`));
  const reader = readDumpText((piece) => say({ piece }));
  const buffer = Buffer.alloc(AT_ONCE);
  let bytes = 0;
  let saidAt = Date.now();
  for (let read = readSync(from, buffer); read > 0; read = readSync(from, buffer)) {
    reader.take(buffer.subarray(0, read));
    bytes += read;
    if (Date.now() - saidAt < SAY_EVERY_MS) continue;
    saidAt = Date.now();
    say({ bytes });
  }
  say({ bytes, versions: reader.end() });
};
