// An archive into a restic repository, in pieces that are small files for a moment (tools/pieces.ts): each part of them is a snapshot.
import { readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import type { Command } from '../../tools/command.js';
import { intakePieces } from '../../tools/intake.js';
import { runPipeline } from '../../tools/process.js';
import { resticStoreFolder } from '../../tools/restic.js';
import { resticSummary } from '../../tools/restic-output.js';
import type { Digest } from '../hash.js';
import type { StoreContext } from '../repository.js';
import { inRestic } from './failure.js';
import { listening } from './listening.js';
import type { ResticSession } from './session.js';
import { learn } from './snapshots.js';
import type { StreamLabels } from './stream.js';
import { labelsOf, type Part } from './tags.js';

export interface Written {
  parts: Part[];
  added: number;
  /** All of it, where it is small: nothing is stored yet. */
  small: Buffer | null;
}

interface PieceLabels extends StreamLabels {
  /** What folders of pieces are called, before a dot and a number; the one above it exists. */
  folder: string;
}

/** Of a part, over a slow line. Nothing says meanwhile whether it moves. */
const STORED_WITHIN_MS = 6 * 3_600_000;

/** Fills `into`, also with what is stored when it fails: those parts count for nothing and are the caller's to forget. */
export const storePieces = async (
  session: ResticSession,
  storing: PieceLabels,
  { programs, context, into }: { programs: readonly Command[]; context: StoreContext; into: Written },
): Promise<Digest> => {
  const broken = new AbortController();
  const signal = AbortSignal.any([context.signal, broken.signal]);
  let stored: Promise<void> = Promise.resolve();
  const { options, heard } = listening({ ...context, signal }, (filled) => {
    stored = stored.then(() =>
      storePart(session, storing, { filled, context: { ...context, signal }, into }),
    );
    stored.catch((error: unknown) => broken.abort(error));
  });
  let came = Buffer.alloc(0);
  await clear(storing.folder);
  try {
    await runPipeline([...programs, intakePieces(storing.folder)], {
      ...options,
      consume: async (stdout) => {
        came = await buffer(stdout);
      },
    });
    await stored;
  } finally {
    await stored.catch(() => undefined);
    await clear(storing.folder);
  }
  const { small, ...digest } = heard();
  if (small) into.small = came;
  return digest;
};

const storePart = async (
  session: ResticSession,
  { key, tags, folder }: PieceLabels,
  {
    filled,
    context,
    into,
  }: { filled: { part: number; bytes: number }; context: StoreContext; into: Written },
): Promise<void> => {
  const pieces = `${folder}.${filled.part}`;
  const labels = labelsOf([key], [...tags, `part=${filled.part}`]);
  const { id, added, bytes } = await inRestic(session.settings, async () => {
    let answer = '';
    await runPipeline([resticStoreFolder(await session.place(), pieces, labels)], {
      signal: AbortSignal.any([context.signal, AbortSignal.timeout(STORED_WITHIN_MS)]),
      processes: context.processes,
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
  await rm(pieces, { recursive: true });
};

/** What this attempt made, and what a killed one of the same artifact left. */
const clear = async (folder: string): Promise<void> => {
  const above = dirname(folder);
  const name = folder.slice(above.length + 1);
  for (const entry of await readdir(above))
    if (entry.startsWith(`${name}.`) && /^\d+$/.test(entry.slice(name.length + 1)))
      await rm(join(above, entry), { recursive: true, force: true });
};
