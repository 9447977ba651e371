// The intake of a restic repository: what it passes on, and in which form, and what it says of it.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { digestOfBytes } from '../../src/repositories/hash.js';
import {
  INTAKE,
  type IntakeLine,
  intakeLine,
  intakePieces,
  intakeStream,
  whereLarge,
} from '../../src/tools/intake.js';
import { NOT_REGISTERED, type PipelineOptions, runPipeline } from '../../src/tools/process.js';

const SMALL = 1 << 20;

const takenIn = async (
  commands: Parameters<typeof runPipeline>[0],
  input: Readable,
  more: Partial<PipelineOptions> = {},
) => {
  const lines: IntakeLine[] = [];
  let came = Buffer.alloc(0);
  await runPipeline(commands, {
    ...{ signal: AbortSignal.timeout(60_000), processes: NOT_REGISTERED, stallTimeoutMs: 0, input },
    consume: async (stdout) => {
      came = await buffer(stdout);
    },
    onStderrLine: (program, text) => {
      const line = program === INTAKE ? intakeLine(text) : null;
      if (line !== null) lines.push(line);
    },
    ...more,
  });
  return { came, lines };
};

const HASHED = [intakeStream(), whereLarge({ program: 'sha256sum', args: [] })];

it.each([0, 1, SMALL - 1])('%i bytes are small: they come through as they are', async (size) => {
  const bytes = randomBytes(size);
  const { came, lines } = await takenIn(HASHED, Readable.from([bytes]));
  expect(came.equals(bytes)).toBe(true);
  expect(lines).toEqual([{ ...digestOfBytes(bytes), small: true }]);
});

it.each([SMALL, 3 * SMALL + 7])('%i bytes are large: the program behind gets all of them', async (size) => {
  const bytes = randomBytes(size);
  const { came, lines } = await takenIn(HASHED, Readable.from([bytes]));
  expect(came.toString()).toBe(`${digestOfBytes(bytes).sha256}  -\n`);
  expect(lines.at(-1)).toEqual({ ...digestOfBytes(bytes), small: false });
});

it('says how far it is while more comes', async () => {
  const input = new PassThrough();
  input.write(Buffer.alloc(SMALL));
  const feeding = setInterval(() => input.write(Buffer.alloc(1000)), 10);
  let signs = 0;
  await takenIn(HASHED, input, {
    onStderrLine: () => {
      if (++signs < 2) return;
      clearInterval(feeding);
      input.end();
    },
  });
  expect(signs).toBeGreaterThan(2);
});

it('a program behind it that fails is the cause, not that its pipe broke', async () => {
  const failing = { program: 'sh', args: ['-c', 'head -c 9 >&2; echo the disk is on fire >&2; exit 7'] };
  const given = Readable.from([Buffer.alloc(9 * SMALL, 'x')]);
  await expect(takenIn([intakeStream(), whereLarge(failing)], given)).rejects.toMatchObject({
    code: 'TOOL_FAILED',
    message: expect.stringContaining('sh failed (exit 7)'),
  });
});

it('a small archive comes through as it is, and is no pieces', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-intake-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const archive = randomBytes(10_240);
  const { came, lines } = await takenIn(
    [intakePieces(join(folder, 'files.tar.pieces'))],
    Readable.from([archive]),
  );
  expect(came.equals(archive)).toBe(true);
  expect(lines).toEqual([{ ...digestOfBytes(archive), small: true }]);
  expect(await readdir(folder)).toEqual([]);
});
