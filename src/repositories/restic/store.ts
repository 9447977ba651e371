// Streams a source, uncompressed, into a restic repository; hash and size are taken on the way.
import { dirname } from 'node:path';
import type { ResticSummary } from '../../tools/restic-output.js';
import type { Digest } from '../hash.js';
import type { StoreContext, StoredObject } from '../repository.js';
import { artifactTags, heldIn, ITSELF, otherIds } from './held.js';
import { publishParts, requireUncommitted, storeFiles } from './publish.js';
import { forgetIfFree } from './remove.js';
import { makeIfMissing, type ResticSession } from './session.js';
import { originTags, type Storing, type Written, write } from './write.js';

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
      return await publish(session, { key, ...written }, context);
    } catch (error) {
      await forgetIfFree(session, ids).catch(() => undefined);
      throw error;
    }
  });
  const replaced = otherIds(held, key, [...ids, last.id]);
  if (replaced.length > 0)
    await context.effect(`forget earlier attempts at ${source.name}`, () => forgetIfFree(session, replaced));
  const added = written.added + (written.small === null ? 0 : last.added);
  return { name: source.name, ...digest, rawBytes: digest.bytes, transforms: [], added };
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
