// Sources for repositories under test, and what came of them.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { runEffect } from '../../src/domain/effect.js';
import type { Source, StoreContext } from '../../src/repositories/repository.js';
import { rememberingRegister } from './programs.js';

/** What the script prints is stored. */
export const shellSource = (name: string, script: string, ...others: string[]): Source => ({
  kind: 'programs',
  name,
  programs: [script, ...others].map((text) => ({ program: 'sh', args: ['-c', text] })),
});

export const storeContext = (given: Partial<StoreContext> = {}): StoreContext => ({
  signal: new AbortController().signal,
  processes: rememberingRegister().register,
  stallTimeoutMs: 0,
  effect: runEffect,
  recipients: [],
  ...given,
});

export const bytesOf = (stream: Readable): Promise<Buffer> => buffer(stream);

export const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const unzstd = (bytes: Buffer): Buffer =>
  execFileSync('zstd', ['-dcq'], { input: bytes, maxBuffer: 1 << 30 });

/** What was stored, whether or not it was compressed on its way. */
export const decoded = (stored: Buffer): Buffer =>
  stored.subarray(0, 4).equals(ZSTD_MAGIC) ? unzstd(stored) : stored;

const ZSTD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
