// Streams a source, encoded, into rclone, under a name of the attempt's own; hash and size are taken on the way.
import { Readable } from 'node:stream';
import type { RcloneSettings } from '../../config/config.js';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import { runPipeline } from '../../tools/process.js';
import { rcloneRcat } from '../../tools/rclone.js';
import { type EncodedSource, encodedSource } from '../encoded-source.js';
import type { Source, StoreContext, StoredObject } from '../repository.js';
import { createDigest, type Digest } from './digest.js';
import { temporaryName } from './names.js';
import { clearUnfinished, moveObject, removeObject, sizeOf, targetOf } from './objects.js';
import { onRemote } from './run.js';

export const rcloneStore = async (
  settings: RcloneSettings,
  folder: string,
  { source, context }: { source: Source; context: StoreContext },
): Promise<StoredObject> => {
  const encoded = encodedSource(source, context);
  const { name, transforms } = encoded;
  const key = `${folder}/${name}`;
  await clearUnfinished(settings, key, context.effect);
  const temporary = temporaryName(key);
  try {
    const { digest, rawBytes } = await context.effect(`store ${name}`, () =>
      write({ settings, temporary }, encoded, context),
    );
    await publish(settings, { temporary, key, folder }, context.effect);
    return { name, ...digest, rawBytes, transforms };
  } catch (error) {
    // No effect of its own: those of an attempt that was told to stop do not happen, and this must.
    await removeObject(settings, temporary).catch(() => undefined);
    throw error;
  }
};

/** rclone's input fails when a program before it does, so that it never takes a stump for the whole. */
const write = async (
  { settings, temporary }: { settings: RcloneSettings; temporary: string },
  { programs, rawBytesOf }: EncodedSource,
  context: StoreContext,
): Promise<{ digest: Digest; rawBytes: number | null }> => {
  const digest = createDigest();
  const ended = await runPipeline(programs, {
    ...context,
    consume: async (stdout) => {
      await runPipeline([onRemote(settings, rcloneRcat(targetOf(settings, temporary)))], {
        ...context,
        onProgress: () => undefined,
        stallTimeoutMs: 0,
        input: Readable.from(digest.through(stdout), { objectMode: false }),
        consume: async () => undefined,
      });
    },
  });
  const stored = await sizeOf(settings, temporary);
  if (stored !== digest.taken().bytes)
    throw new Failure(
      'REPOSITORY_UNREACHABLE',
      `repository ${settings.name} stored ${stored ?? 0} of ${digest.taken().bytes} bytes`,
      { retryable: true },
    );
  return { digest: digest.taken(), rawBytes: rawBytesOf(ended) };
};

/** A backup never changes. Failure OPERATION_LOST: whoever still stores into it is late. */
const publish = (
  settings: RcloneSettings,
  { temporary, key, folder }: { temporary: string; key: string; folder: string },
  effect: Effect,
): Promise<void> =>
  effect(`publish ${key.slice(folder.length + 1)}`, async () => {
    if ((await sizeOf(settings, `${folder}/manifest.json`)) !== null)
      throw new Failure(
        'OPERATION_LOST',
        `${targetOf(settings, folder)} holds a complete backup, which never changes`,
      );
    await moveObject(settings, temporary, { to: key, replacing: true });
  });
