// An archive into a restic repository, in pieces that are small files for a moment: restic deduplicates files of their own
// far better than a stream. What lies on the disk at a time is bounded.
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runPipeline } from '../../tools/process.js';
import { resticStoreFolder } from '../../tools/restic.js';
import { resticSummary } from '../../tools/restic-output.js';
import type { RunContext } from '../../tools/run-context.js';
import { inRestic } from './failure.js';
import { type PieceWriter, pieceWriter } from './pieces.js';
import { tarCutter } from './segments.js';
import type { ResticSession } from './session.js';
import { learn } from './snapshots.js';
import type { StreamLabels } from './stream.js';
import { labelsOf, type Part } from './tags.js';

/** Bytes of one part. Two of them lie on the disk: one is filled while the other one is stored. A smaller one costs as long
 * for restic to open its repository as to store it. */
const PART_BYTES = 512 << 20;

export interface Stored {
  parts: Part[];
  added: number;
}

/**
 * Fills `into`, also with what is stored when it fails: those parts count for nothing and are the caller's to forget.
 * @param labels.folder what folders of pieces are called, before a dot and a number; the one above it exists
 */
export const storePieces = async (
  session: ResticSession,
  labels: StreamLabels & { folder: string },
  {
    bytes,
    run,
    into,
  }: { bytes: AsyncIterable<Buffer>; run: Pick<RunContext, 'signal' | 'processes'>; into: Stored },
): Promise<void> => {
  let storing: Promise<void> = Promise.resolve();
  await clear(labels.folder);
  try {
    for await (const filled of partsOf(bytes, labels.folder)) {
      await storing;
      storing = storePart(session, labels, { filled, run, into });
      storing.catch(() => undefined);
    }
    await storing;
  } finally {
    await storing.catch(() => undefined);
    await clear(labels.folder);
  }
};

interface Filled {
  folder: string;
  number: number;
  bytes: number;
}

const storePart = async (
  session: ResticSession,
  { key, tags }: StreamLabels,
  { filled, run, into }: { filled: Filled; run: Pick<RunContext, 'signal' | 'processes'>; into: Stored },
): Promise<void> => {
  const labels = labelsOf([key], [...tags, `part=${filled.number}`]);
  const { id, added, bytes } = await inRestic(session.settings, async () => {
    let answer = '';
    await runPipeline([resticStoreFolder(await session.place(), filled.folder, labels)], {
      signal: run.signal,
      processes: run.processes,
      stallTimeoutMs: 0,
      consume: async (stdout) => {
        answer = await text(stdout);
      },
    });
    return resticSummary(answer);
  });
  into.parts.push({ id, bytes, form: 'folder' });
  await learn(session, id, labels);
  into.added += added;
  await rm(filled.folder, { recursive: true });
};

/** Each a folder `<folder>.<number>` of numbered files. */
async function* partsOf(bytes: AsyncIterable<Buffer>, base: string): AsyncGenerator<Filled> {
  const cutter = tarCutter();
  let writer: PieceWriter | null = null;
  let number = 0;
  try {
    for await (const chunk of bytes) {
      writer ??= await pieceWriter(`${base}.${number}`);
      await writePieces(writer, chunk, cutter.cuts(chunk));
      if (writer.bytes() < PART_BYTES) continue;
      yield await endPart(writer, `${base}.${number}`, number++);
      writer = null;
    }
    if (writer !== null) yield await endPart(writer, `${base}.${number}`, number);
  } finally {
    await writer?.endPiece();
  }
}

const writePieces = async (writer: PieceWriter, chunk: Buffer, cuts: readonly number[]): Promise<void> => {
  let from = 0;
  for (const end of cuts) {
    await writer.write(chunk.subarray(from, end));
    await writer.endPiece();
    from = end;
  }
  await writer.write(chunk.subarray(from));
};

const endPart = async (writer: PieceWriter, folder: string, number: number): Promise<Filled> => {
  await writer.endPiece();
  return { folder, number, bytes: writer.bytes() };
};

/** What this attempt made, and what a killed one of the same artifact left. */
const clear = async (folder: string): Promise<void> => {
  const above = dirname(folder);
  const name = folder.slice(above.length + 1);
  for (const entry of await readdir(above))
    if (entry.startsWith(`${name}.`) && /^\d+$/.test(entry.slice(name.length + 1)))
      await rm(join(above, entry), { recursive: true, force: true });
};
