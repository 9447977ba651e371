// Streams a source, uncompressed, into a restic repository; hash and size are taken on the way.
import { dirname } from 'node:path';
import type { ResticSummary } from '../../tools/restic-output.js';
import type { Digest } from '../hash.js';
import type { StoreContext, StoredObject } from '../repository.js';
import { heldIn, otherIds } from './held.js';
import { noteForLater, withdrawNote } from './later.js';
import { publishParts, requireUncommitted, storeFiles } from './publish.js';
import { forgetIfFree } from './remove.js';
import { makeIfMissing, type ResticSession } from './session.js';
import type { Written } from './spool.js';
import { artifactTags, ITSELF } from './tags.js';
import { originTags, type Storing, write } from './write.js';

export const resticStore = async (
  session: ResticSession,
  { key, source }: Storing,
  context: StoreContext,
): Promise<StoredObject> => {
  await makeIfMissing(session, context.effect);
  const written = await context.effect(`store ${source.name}`, () =>
    write(session, { key, source }, context),
  );
  const { digest } = written;
  const held = await heldIn(session, key);
  const ids = written.parts.map(({ id }) => id);
  const last = await context.effect(`publish ${source.name}`, async () => {
    try {
      requireUncommitted(held, dirname(key));
      return await publishNowOrLater(session, { key, source, written }, context);
    } catch (error) {
      await forgetIfFree(session, ids).catch(() => undefined);
      throw error;
    }
  });
  const replaced = otherIds(held, key, last === null ? ids : [...ids, last.id]);
  if (replaced.length > 0)
    await context.effect(`forget earlier attempts at ${source.name}`, () => forgetIfFree(session, replaced));
  const added = written.small === null ? written.added : (last?.added ?? digest.bytes);
  return { name: source.name, ...digest, rawBytes: digest.bytes, transforms: [], added };
};

interface Publishing extends Storing {
  written: Written & { digest: Digest };
}

/** null: it is an object only with the last ones. A small archive is one now: by hand it is read as all of its snapshot. */
const publishNowOrLater = async (
  session: ResticSession,
  { key, source, written }: Publishing,
  context: StoreContext,
): Promise<ResticSummary | null> => {
  const { later } = context;
  const { parts, small, digest } = written;
  if (later !== undefined && (source.kind !== 'tree' || small === null)) {
    await noteForLater(later, source.name, { ...digest, parts, small });
    return null;
  }
  if (later !== undefined) await withdrawNote(later, source.name);
  return publish(session, { key, ...written }, context);
};

/** What is small is its own part. */
const publish = (
  session: ResticSession,
  { key, parts, small, digest }: Written & { key: string; digest: Digest },
  context: StoreContext,
): Promise<ResticSummary> => {
  if (small === null || small.length === 0)
    return publishParts(session, key, { ...digest, parts, tags: originTags(context) });
  const part = { id: ITSELF, bytes: small.length, form: 'stream' as const };
  const tags = ['data', 'part=0', ...originTags(context), ...artifactTags({ ...digest, parts: [part] })];
  return storeFiles(session, { keys: [key], files: [{ path: key, bytes: small }], tags });
};
