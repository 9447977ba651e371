// Takes over what another repository holds. Where the line breaks, what has come is kept as a part, and the next attempt
// goes on behind it; a part ends by itself from time to time, so that an agent that is killed loses only the last one.
import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { asFailure } from '../../domain/failure.js';
import { NOT_REGISTERED } from '../../tools/process.js';
import { requireAnnounced, requireNoOther } from '../received.js';
import type { ReceiveContext, StoredBytes } from '../repository.js';
import { steadily } from '../steadily.js';
import { heldIn, idsOf } from './held.js';
import { readJournal, writeJournal } from './journal.js';
import { shared } from './locks.js';
import { publishReceived } from './publish-received.js';
import { readObject } from './read.js';
import { forgetIfFree } from './remove.js';
import { makeIfMissing, type ResticSession, unlock } from './session.js';
import { hashing, storeStream } from './stream.js';
import type { Part } from './tags.js';

/** Bytes. */
const PART_BYTES = 1 << 30;

interface Receiving {
  key: string;
  stored: StoredBytes;
}

export const resticReceive = async (
  session: ResticSession,
  { key, stored }: Receiving,
  context: ReceiveContext,
): Promise<void> => {
  await makeIfMissing(session, context.effect);
  const held = await heldIn(session, key);
  const there = held.objects.get(key);
  if (there !== undefined) return requireNoOther(key, stored, there);
  const name = basename(key);
  const ids = idsOf(held, (one) => one === key);
  const parts = await readJournal(context.journal, stored, ids);
  await context.effect(`receive ${name}`, () => fill(session, { key, stored, parts }, context));
  await publishReceived(session, { key, held, parts, digest: stored }, context);
};

/** Adds to `parts` what is missing. What came damaged is forgotten, all of it. */
const fill = async (
  session: ResticSession,
  { key, stored, parts }: Receiving & { parts: Part[] },
  context: ReceiveContext,
): Promise<void> => {
  const seen = hashing();
  const known = { key, id: '', bytes: stored.bytes, sha256: stored.sha256, storedAt: new Date(), parts };
  if (parts.length > 0)
    for await (const chunk of readObject(session, known) as AsyncIterable<Buffer>) {
      context.signal.throwIfAborted();
      seen.see(chunk);
    }
  try {
    await takeParts(session, { key, stored, parts, seen }, context);
    requireAnnounced(`${key} for repository ${session.settings.name}`, stored, seen.digest());
  } catch (error) {
    if (asFailure(error).code === 'CORRUPT_ARTIFACT') {
      const ids = parts.splice(0).map(({ id }) => id);
      await forgetIfFree(session, ids);
      await rm(context.journal, { force: true });
    }
    throw error;
  }
};

const takeParts = async (
  session: ResticSession,
  { key, stored, parts, seen }: Receiving & { parts: Part[]; seen: ReturnType<typeof hashing> },
  context: ReceiveContext,
): Promise<void> => {
  if (seen.bytes() >= stored.bytes) return;
  const source = steadily(() => stored.open(seen.bytes()), context)[Symbol.asyncIterator]();
  try {
    for (let more = true; more; ) {
      const part = partOf(source, {
        see: (chunk) => {
          seen.see(chunk);
          context.onProgress?.(seen.bytes());
        },
      });
      const from = seen.bytes();
      const kept = await storePart(session, { key, number: parts.length, bytes: part.bytes() }, context);
      if (kept !== null) {
        parts.push({ id: kept.id, bytes: seen.bytes() - from, form: 'stream' });
        await writeJournal(context.journal, stored, parts);
      }
      const { broken, ended } = part.end();
      if (broken !== undefined) throw broken.error;
      more = !ended;
    }
  } finally {
    await source.return?.(undefined);
  }
};

const storePart = async (
  session: ResticSession,
  { key, number, bytes }: { key: string; number: number; bytes: AsyncIterable<Buffer> },
  { signal }: ReceiveContext,
): Promise<{ id: string } | null> => {
  const labels = { key, tags: ['data', `part=${number}`] };
  const run = { signal, processes: NOT_REGISTERED };
  const { bandwidth } = session.settings;
  const slow =
    bandwidth === undefined
      ? session
      : { ...session, place: async () => ({ ...(await session.place()), bandwidth }) };
  try {
    return await shared(session.settings.repository, () => storeStream(slow, labels, { bytes, run }));
  } catch (error) {
    await unlock(session).catch(() => undefined);
    throw error;
  }
};

/** The next part's bytes. Where the source breaks, they end: what has come is kept, and `end` says why. */
const partOf = (source: AsyncIterator<Buffer>, { see }: { see: (chunk: Buffer) => void }) => {
  let broken: { error: unknown } | undefined;
  let ended = false;
  async function* bytes(): AsyncGenerator<Buffer> {
    for (let taken = 0; taken < PART_BYTES; ) {
      const next = await source.next().catch((error: unknown) => {
        broken = { error };
        return null;
      });
      ended = next?.done === true;
      if (next === null || next.done === true) return;
      see(next.value);
      taken += next.value.length;
      yield next.value;
    }
  }
  return { bytes, end: () => ({ broken, ended }) };
};
