// Pipelines whose last program writes a file by itself: what is read behind it is what is in it, and its end means the same.
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Command } from '../../src/tools/command.js';
import { type PipelineOptions, runPipeline } from '../../src/tools/process.js';
import { rememberingRegister, rememberingSink } from '../support/programs.js';

const CAT: Command = { program: 'cat', args: [] };
const sh = (script: string): Command => ({ program: 'sh', args: ['-c', script] });

let folder: string;
let file: FileHandle;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-into-'));
  file = await open(join(folder, 'file'), 'wx+');
});

afterEach(async () => {
  await file.close();
  await rm(folder, { recursive: true });
});

const run = async (commands: readonly Command[], options: Partial<PipelineOptions> = {}) => {
  const register = rememberingRegister();
  const sink = rememberingSink();
  const error = await runPipeline(commands, {
    signal: new AbortController().signal,
    processes: register.register,
    stallTimeoutMs: 0,
    into: file,
    consume: sink.consume,
    ...options,
  }).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return { error, sink, register, written: await readFile(join(folder, 'file')) };
};

it('what is read is every byte of the file, in its order', async () => {
  const bytes = randomBytes(3_000_001);
  const reports: number[] = [];
  const { error, sink, written } = await run([CAT, CAT], {
    input: Readable.from([bytes]),
    onProgress: (moved) => reports.push(moved),
  });
  expect(error).toBeUndefined();
  expect(written.equals(bytes)).toBe(true);
  expect(sink.bytes().equals(bytes)).toBe(true);
  expect(sink.completed()).toBe(true);
  expect(reports.at(-1)).toBe(bytes.length);
});

it('nothing written is an end too', async () => {
  const { error, sink } = await run([sh(':')]);
  expect(error).toBeUndefined();
  expect(sink.completed()).toBe(true);
});

it('a program that fails after it wrote completes nothing', async () => {
  const { error, sink, register, written } = await run([sh('head -c 700000 /dev/zero; exit 3'), CAT]);
  expect(error).toMatchObject({ code: 'TOOL_FAILED' });
  expect(written).toHaveLength(700_000);
  expect(sink.completed()).toBe(false);
  expect(await register.left()).toEqual([]);
});

it('is STALLED when the file does not grow', async () => {
  const { error, register } = await run([sh('head -c 700000 /dev/zero; exec sleep 3600')], {
    stallTimeoutMs: 300,
  });
  expect(error).toMatchObject({ code: 'STALLED' });
  expect(await register.left()).toEqual([]);
});

it('ends with the signal’s reason, and nothing writes any more', async () => {
  const abort = new AbortController();
  const reason = new Error('cancelled by somebody');
  const { error, register } = await run([sh('exec cat /dev/zero')], {
    signal: abort.signal,
    consume: async (stdout) => {
      for await (const _chunk of stdout) abort.abort(reason);
    },
  });
  expect(error).toBe(reason);
  expect(await register.left()).toEqual([]);
});
