// A program's words: every line is passed on, and no more than its first and last 4 kB are kept, however much it says.
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

const KEPT = 4096;

export interface Words {
  /** The last 4 kB. */
  tail: () => string;
  /** The first and the last 4 kB: the cause of a failure may stand at either end. */
  both: () => string;
  /** How many lines so far: a sign of life. */
  count: () => number;
}

interface Listening {
  onLine?: (line: string) => void;
  /** Lines that are passed on and counted, and not kept. */
  chatter?: RegExp | undefined;
}

/** Reads `stream` to its end. Bytes that are not UTF-8 become U+FFFD; a line of any length is cut at 4 kB. */
export const readWords = (stream: Readable, { onLine, chatter }: Listening = {}): Words => {
  const decoder = new StringDecoder('utf8');
  let head = '';
  let tail = '';
  let open = '';
  let count = 0;
  const take = (line: string): void => {
    count += 1;
    onLine?.(line);
    if (chatter?.test(line) === true) return;
    if (head.length < KEPT) head = `${head}${line}\n`.slice(0, KEPT);
    tail = wholeLines(`${tail}${line}\n`);
  };
  stream.on('data', (chunk: Buffer) => {
    const lines = (open + decoder.write(chunk)).split('\n');
    open = (lines.pop() ?? '').slice(0, KEPT);
    for (const line of lines) take(line.slice(0, KEPT));
  });
  stream.on('end', () => {
    if (open !== '') take(open);
    open = '';
  });
  stream.on('error', () => {});
  const last = (): string => `${tail}${open}`.slice(-KEPT);
  return {
    tail: last,
    both: () => (head.length < KEPT ? `${head}${open}` : `${head}\n${last()}`),
    count: () => count,
  };
};

/** The last of them that fit; of one that is too long its end. */
const wholeLines = (text: string): string => {
  if (text.length <= KEPT) return text;
  const kept = text.slice(-KEPT);
  const begins = text.at(-KEPT - 1) === '\n' ? 0 : kept.indexOf('\n') + 1;
  return begins === kept.length ? kept : kept.slice(begins);
};
