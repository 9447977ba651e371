// How large folders are, and how well they compress: by looking at no more than a limit, so that a question is answered at once.
import { lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { NOT_REGISTERED, runPipeline } from '../../tools/process.js';
import { zstdCompress } from '../../tools/zstd.js';

export interface FilesMeasure {
  files: number;
  bytes: number;
  /** The limit came first: there is more than that. */
  more: boolean;
  /** Stored bytes for each byte, measured on a sample; null: there is nothing to measure, or no zstd. */
  ratio: number | null;
}

export interface MeasureLimits {
  entries: number;
  ms: number;
}

const LIMITS: MeasureLimits = { entries: 300_000, ms: 5_000 };
const SAMPLES = 128;
const SAMPLE_BYTES = 65_536;

/** What may not be read is not counted: doctor says so. */
export const measureFiles = async (
  folders: readonly string[],
  limits: MeasureLimits = LIMITS,
): Promise<FilesMeasure> => {
  const until = Date.now() + limits.ms;
  const samples = createSamples();
  const total = { files: 0, bytes: 0, more: false };
  let left = limits.entries;
  for (const folder of folders) {
    for await (const { path, bytes } of entriesBelow(folder)) {
      if (bytes !== null) {
        total.files += 1;
        total.bytes += bytes;
        if (bytes > 0) samples.add(path);
      }
      left -= 1;
      if (left > 0 && Date.now() < until) continue;
      total.more = true;
      break;
    }
  }
  return { ...total, ratio: await ratioOf(samples.chosen()) };
};

/** Of what is no file `bytes` is null. */
async function* entriesBelow(folder: string): AsyncGenerator<{ path: string; bytes: number | null }> {
  const entries = await opendir(folder).catch(() => null);
  if (entries === null) return;
  for await (const entry of entries) {
    const path = join(folder, entry.name);
    yield { path, bytes: entry.isFile() ? ((await lstat(path).catch(() => null))?.size ?? 0) : null };
    if (entry.isDirectory()) yield* entriesBelow(path);
  }
}

/** Evenly among all that come, however many: when there are too many, every second one goes. */
const createSamples = () => {
  let chosen: string[] = [];
  let every = 1;
  let seen = 0;
  return {
    add: (path: string): void => {
      if (seen % every === 0) chosen.push(path);
      seen += 1;
      if (chosen.length <= SAMPLES) return;
      chosen = chosen.filter((_path, index) => index % 2 === 0);
      every *= 2;
    },
    chosen: (): readonly string[] => chosen,
  };
};

const ratioOf = async (paths: readonly string[]): Promise<number | null> => {
  const pieces = (await Promise.all(paths.map(beginningOf))).filter((piece) => piece.length > 0);
  const raw = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (raw === 0) return null;
  try {
    return Math.min(1, (await compressedBytes(pieces)) / raw);
  } catch {
    return null;
  }
};

const beginningOf = async (path: string): Promise<Buffer> => {
  const file = await open(path).catch(() => null);
  if (file === null) return Buffer.alloc(0);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return Buffer.alloc(0);
  } finally {
    await file.close();
  }
};

const compressedBytes = async (pieces: readonly Buffer[]): Promise<number> => {
  let bytes = 0;
  await runPipeline([zstdCompress()], {
    signal: AbortSignal.timeout(30_000),
    processes: NOT_REGISTERED,
    stallTimeoutMs: 0,
    input: Readable.from(pieces),
    consume: async (stream) => {
      for await (const piece of stream) bytes += (piece as Buffer).length;
    },
  });
  return bytes;
};
