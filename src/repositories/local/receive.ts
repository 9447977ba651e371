// Takes over what another repository holds. The unfinished file is named after the contents, so that an interrupted copy
// is found again: its bytes are hashed anew and only the missing ones are asked for.
import { type FileHandle, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../domain/failure.js';
import { syncFolder } from '../../tools/sync.js';
import { type Digest, digestOf } from '../hash.js';
import { requireAnnounced, requireNoOther } from '../received.js';
import type { ReceiveContext, StoredBytes } from '../repository.js';
import { steadily } from '../steadily.js';
import { atPace, unhurried } from '../unhurried.js';
import { nullWhenMissing } from './failure.js';
import { clearUnfinished, named, temporaryName } from './publish.js';
import { writebackOf } from './writeback.js';

/** @param final absolute path; its folder exists */
export const localReceive = async (
  { final, bandwidth }: { final: string; bandwidth?: number },
  given: StoredBytes,
  context: ReceiveContext,
): Promise<void> => {
  const name = basename(final);
  const stored = bandwidth === undefined ? given : slowly(given, bandwidth);
  if (!(await isThere(final, stored))) {
    const temporary = join(dirname(final), temporaryName(name, stored.sha256.slice(0, 12)));
    await context.effect(`receive ${name}`, () => fill(temporary, stored, context));
    await context.effect(`publish ${name}`, async () => {
      if (!(await named(temporary, final))) await isThere(final, stored);
      await rm(temporary, { force: true });
      await syncFolder(dirname(final));
    });
  }
  await clearUnfinished(dirname(final), name, context.effect);
};

const slowly = (stored: StoredBytes, bandwidth: number): StoredBytes => {
  const pace = unhurried(bandwidth);
  return { ...stored, open: async (offset) => atPace(await stored.open(offset), pace) };
};

/** Failure CORRUPT_ARTIFACT when another one is. */
const isThere = async (final: string, stored: StoredBytes): Promise<boolean> => {
  const file = await open(final, 'r').catch(nullWhenMissing);
  if (file === null) return false;
  requireNoOther(final, stored, await digestOf(file.createReadStream()));
  return true;
};

const fill = async (temporary: string, stored: StoredBytes, context: ReceiveContext): Promise<void> => {
  const file = await open(temporary, 'a+', 0o600);
  try {
    const begun = Math.min((await file.stat()).size, stored.bytes);
    await file.truncate(begun);
    const got = await goOn(file, { begun, stored }, context);
    if (begun > 0 && got.sha256 !== stored.sha256) {
      // A power cut may leave other bytes than were written.
      await file.truncate(0);
      requireAnnounced(basename(temporary), stored, await goOn(file, { begun: 0, stored }, context));
    } else requireAnnounced(basename(temporary), stored, got);
    await file.sync();
  } catch (error) {
    if (error instanceof Failure && error.code === 'CORRUPT_ARTIFACT') await rm(temporary, { force: true });
    throw error;
  } finally {
    await file.close();
  }
};

/** Appends what is missing. Gives the digest of the whole file. */
const goOn = async (
  file: FileHandle,
  { begun, stored }: { begun: number; stored: StoredBytes },
  context: ReceiveContext,
): Promise<Digest> => {
  const writeback = writebackOf(file);
  async function* whole(): AsyncGenerator<Buffer> {
    if (begun > 0) yield* file.createReadStream({ start: 0, end: begun - 1, autoClose: false });
    if (begun < stored.bytes) yield* steadily(() => stored.open(begun), context);
  }
  const digest = await digestOf(whole(), async (chunk, total) => {
    context.signal.throwIfAborted();
    if (total <= begun) return;
    await file.appendFile(chunk);
    await writeback.written(total);
    context.onProgress?.(total);
  });
  await writeback.end();
  return digest;
};
