// What can still be read of damaged packs: chunk by chunk into a folder of the state, and from there into the repository again
// once the packs are out of its index. Cut where restic cuts it, a chunk stored again is the same chunk, and whatever consists
// of it is whole as before.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../../domain/failure.js';
import { resticBlob, resticList, resticStoreFolder } from '../../tools/restic.js';
import { type ResticPack, resticSnapshots } from '../../tools/restic-output.js';
import { makeFolders, syncFolder, writeDurably } from '../../tools/sync.js';
import { digestOfBytes } from '../hash.js';
import type { DamagedFile } from './damaged-files.js';
import { forgetNow } from './remove.js';
import { ask, askBytes, type ResticSession } from './session.js';

export interface Damaged {
  file: DamagedFile;
  pack: ResticPack;
}

const chunksIn = (folder: string): string => join(folder, 'chunks');

/** Durable when it returns. What an earlier attempt kept stays: its pack may be gone. */
export const keepReadable = async (
  session: ResticSession,
  { folder, packs }: { folder: string; packs: readonly Damaged[] },
  signal: AbortSignal,
): Promise<void> => {
  await makeFolders(chunksIn(folder));
  for (const { pack, file } of packs)
    for (const { id, offset, length } of pack.blobs) {
      // Behind the end of a file restic would look for a minute.
      if (offset + length > file.bytes) continue;
      const chunk = await readable(session, id, signal);
      if (chunk !== null) await keep(join(chunksIn(folder), id), chunk);
    }
  await syncFolder(chunksIn(folder));
};

const keep = async (path: string, chunk: Buffer): Promise<void> => {
  await rm(path, { force: true });
  await writeDurably(path, chunk);
};

export const hasKept = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch(() => [])).length > 0;

export const forgetKept = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** null: it is lost. */
const readable = async (session: ResticSession, id: string, signal: AbortSignal): Promise<Buffer | null> => {
  try {
    const chunk = await askBytes(session, (place) => resticBlob(place, id), signal);
    return digestOfBytes(chunk).sha256 === id ? chunk : null;
  } catch (error) {
    if (error instanceof Failure && error.code === 'CORRUPT_ARTIFACT') return null;
    throw error;
  }
};

/** Not ours by their tags: no object consists of such a snapshot, and it is forgotten at once. */
const LABELS = { host: 'holdfast', tags: ['holdfast-mending'] };

/** Prune leaves what some object's snapshot needs. */
export const storeKept = async (session: ResticSession, folder: string): Promise<void> => {
  const names = await readdir(chunksIn(folder)).catch(() => []);
  if (names.length > 0) await ask(session, (place) => resticStoreFolder(place, chunksIn(folder), LABELS));
  const made = resticSnapshots(await ask(session, (place) => resticList(place, LABELS)));
  await forgetNow(
    session,
    made.map(({ id }) => id),
  );
};
