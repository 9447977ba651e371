// The bytes of a source into a restic repository: after that they are there, and are no object yet.
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { Failure } from '../../domain/failure.js';
import { runPipeline } from '../../tools/process.js';
import { programsOf } from '../encoded-source.js';
import type { Digest } from '../hash.js';
import type { Source, StoreContext } from '../repository.js';
import { beginningOf } from './beginning.js';
import { heldIn, unneeded } from './held.js';
import { shared } from './locks.js';
import { forgetIfFree } from './remove.js';
import { type ResticSession, unlock } from './session.js';
import { type Stored, storePieces } from './spool.js';
import { hashing, storeStream } from './stream.js';

export interface Storing {
  key: string;
  source: Source;
}

export interface Written extends Stored {
  /** All of it, where it is small: nothing is stored yet. */
  small: Buffer | null;
}

export const write = async (
  session: ResticSession,
  { key, source }: Storing,
  context: StoreContext,
): Promise<Written & { digest: Digest }> => {
  const seen = hashing();
  const into: Written = { parts: [], added: 0, small: null };
  try {
    await shared(session.settings.repository, () =>
      runPipeline(programsOf(source), {
        ...context,
        consume: (stdout) =>
          storeAll(session, { key, source }, { bytes: passing(stdout, seen.see), run: context, into }),
      }),
    );
    requireCounted(key, into, seen.digest());
  } catch (error) {
    await clearUp(session, key).catch(() => undefined);
    throw error;
  }
  return { ...into, digest: seen.digest() };
};

/** What restic read is what we gave it, as each of us counted. */
const requireCounted = (key: string, { parts, small }: Written, { bytes }: Digest): void => {
  const counted = parts.reduce((sum, part) => sum + part.bytes, small?.length ?? 0);
  if (counted !== bytes)
    throw new Failure('CORRUPT_ARTIFACT', `restic stored ${counted} bytes of ${key} instead of ${bytes}`);
};

/**
 * restic that was told to stop may leave its lock, which would be in the way of whoever removes something, and may have taken
 * the end of its input for the end of the bytes.
 */
const clearUp = async (session: ResticSession, key: string): Promise<void> => {
  await unlock(session);
  const left = unneeded(await heldIn(session, key)).filter(({ keys }) => keys.includes(key));
  await forgetIfFree(
    session,
    left.map(({ id }) => id),
  );
};

const storeAll = async (
  session: ResticSession,
  { key, source }: Storing,
  given: { bytes: AsyncIterable<Buffer>; run: StoreContext; into: Written },
): Promise<void> => {
  const { all, bytes } = await beginningOf(given.bytes);
  const tags = ['data', ...originTags(given.run)];
  given.into.small = all;
  if (all !== null) return;
  if (source.kind === 'tree') {
    const folder = join(dirname(source.index), `${source.name}.pieces`);
    return storePieces(session, { key, tags, folder }, { ...given, bytes });
  }
  const stored = await storeStream(session, { key, tags: [...tags, 'part=0'] }, { ...given, bytes });
  if (stored === null) return;
  given.into.parts.push({ id: stored.id, bytes: stored.bytes, form: 'stream' });
  given.into.added += stored.added;
};

/** Of whoever stores it. */
export const originTags = ({ storedBy }: StoreContext): string[] =>
  storedBy === undefined ? [] : [`instance=${storedBy.instance}`, `attempt=${storedBy.attempt}`];

async function* passing(stdout: Readable, see: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    see(chunk);
    yield chunk;
  }
}
