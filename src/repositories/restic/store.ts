// Streams a source, uncompressed, into a restic repository; hash and size are taken on the way.
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { runPipeline } from '../../tools/process.js';
import { programsOf } from '../encoded-source.js';
import type { Digest } from '../hash.js';
import type { Source, StoreContext, StoredObject } from '../repository.js';
import { heldIn, otherIds } from './held.js';
import { shared } from './locks.js';
import { publishParts, requireUncommitted } from './publish.js';
import { forgetIfFree } from './remove.js';
import { makeIfMissing, type ResticSession, unlock } from './session.js';
import { type Stored, storePieces } from './spool.js';
import { hashing, storeStream } from './stream.js';

export const resticStore = async (
  session: ResticSession,
  { key, source }: { key: string; source: Source },
  context: StoreContext,
): Promise<StoredObject> => {
  await makeIfMissing(session, context.effect);
  const { digest, parts, added } = await context.effect(`store ${source.name}`, () =>
    write(session, { key, source }, context),
  );
  const held = await heldIn(session, key);
  try {
    await context.effect(`publish ${source.name}`, async () => {
      requireUncommitted(held, dirname(key));
      await publishParts(session, key, { ...digest, parts });
    });
  } catch (error) {
    const ids = parts.map(({ id }) => id);
    await forgetIfFree(session, ids).catch(() => undefined);
    throw error;
  }
  const replaced = otherIds(held, key, parts);
  if (replaced.length > 0)
    await context.effect(`forget earlier attempts at ${source.name}`, () => forgetIfFree(session, replaced));
  return { name: source.name, ...digest, rawBytes: digest.bytes, transforms: [], added };
};

const write = async (
  session: ResticSession,
  { key, source }: { key: string; source: Source },
  context: StoreContext,
): Promise<Stored & { digest: Digest }> => {
  const seen = hashing();
  const into: Stored = { parts: [], added: 0 };
  try {
    await shared(session.settings.repository, () =>
      runPipeline(programsOf(source), {
        ...context,
        consume: (stdout) =>
          storeAll(session, { key, source }, { bytes: passing(stdout, seen.see), run: context, into }),
      }),
    );
  } catch (error) {
    await clearUp(session, into).catch(() => undefined);
    throw error;
  }
  const digest = seen.digest();
  return { ...into, parts: into.parts.map((part) => withBytes(part, source, digest)), digest };
};

/** restic that was told to stop may leave its lock, which would be in the way of whoever removes something. */
const clearUp = async (session: ResticSession, { parts }: Stored): Promise<void> => {
  await unlock(session);
  await forgetIfFree(
    session,
    parts.map(({ id }) => id),
  );
};

const withBytes = (part: Stored['parts'][number], { kind }: Source, { bytes }: Digest) =>
  kind === 'tree' ? part : { ...part, bytes };

const storeAll = async (
  session: ResticSession,
  { key, source }: { key: string; source: Source },
  given: { bytes: AsyncIterable<Buffer>; run: StoreContext; into: Stored },
): Promise<void> => {
  if (source.kind === 'tree') {
    const folder = join(dirname(source.index), `${source.name}.pieces`);
    return storePieces(session, { key, tags: ['data'], folder }, given);
  }
  const stored = await storeStream(session, { key, tags: ['data', 'part=0'] }, given);
  if (stored === null) return;
  given.into.parts.push({ id: stored.id, bytes: 0, form: 'stream' });
  given.into.added += stored.added;
};

async function* passing(stdout: Readable, see: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    see(chunk);
    yield chunk;
  }
}
