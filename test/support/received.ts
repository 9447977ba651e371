// What a repository under test receives: bytes of another one, which remembers what was read of it.
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { runEffect } from '../../src/domain/effect.js';
import type { ReceiveContext, StoredBytes } from '../../src/repositories/repository.js';
import { sha256 } from './repository.js';

export interface Sent extends StoredBytes {
  whole: Buffer;
  /** Offsets at which it was opened, and how many bytes were read of it. */
  opened: number[];
  read(): number;
}

const CHUNK = 64 << 10;

/** @param cutAt the stream breaks there; `hang`: it says nothing any more instead */
export const sent = (
  whole: Buffer,
  { cutAt = Number.POSITIVE_INFINITY, hang = false }: { cutAt?: number; hang?: boolean } = {},
): Sent => {
  const opened: number[] = [];
  let read = 0;
  async function* chunks(offset: number): AsyncGenerator<Buffer> {
    for (let at = offset; at < whole.length; at += CHUNK) {
      const chunk = whole.subarray(at, Math.min(at + CHUNK, cutAt));
      if (chunk.length > 0) {
        read += chunk.length;
        yield chunk;
      }
      if (at + CHUNK < cutAt) continue;
      if (hang) await new Promise<never>(() => {});
      throw new Error('the line broke');
    }
  }
  return {
    whole,
    bytes: whole.length,
    sha256: sha256(whole),
    opened,
    read: () => read,
    open: async (offset) => {
      opened.push(offset);
      return Readable.from(chunks(offset), { objectMode: false });
    },
  };
};

export const randomObject = (bytes: number): Buffer => randomBytes(bytes);

/** With a journal of its own, which all attempts of one copy share. */
export const receiveContext = (given: Partial<ReceiveContext> = {}): ReceiveContext => ({
  signal: new AbortController().signal,
  effect: runEffect,
  stallTimeoutMs: 0,
  journal: given.journal ?? journal(),
  ...given,
});

/** A name of its own, in the process's one folder for them. */
export const journal = (): string => {
  journals ??= mkdtempSync(join(tmpdir(), 'holdfast-journals-'));
  return join(journals, `${randomUUID()}.json`);
};

let journals: string | undefined;
