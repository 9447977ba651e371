// Takes over what another repository holds. rclone cannot go on in the middle of an object: what was interrupted is sent again
// as a whole. What was sent is then hashed where it lies, by the remote itself or, if it cannot, by reading it.
import { Readable } from 'node:stream';
import type { RcloneSettings } from '../../config/config.js';
import { NOT_REGISTERED, runPipeline } from '../../tools/process.js';
import { rcloneRcat } from '../../tools/rclone.js';
import { requireAnnounced, requireNoOther } from '../received.js';
import type { ReceiveContext, StoredBytes } from '../repository.js';
import { steadily } from '../steadily.js';
import { createDigest } from './digest.js';
import { temporaryName } from './names.js';
import {
  clearUnfinished,
  moveObject,
  removeObject,
  sha256Of,
  sizeOf,
  splitKey,
  targetOf,
} from './objects.js';
import { onRemote } from './run.js';

export const rcloneReceive = async (
  settings: RcloneSettings,
  key: string,
  { stored, context }: { stored: StoredBytes; context: ReceiveContext },
): Promise<void> => {
  await clearUnfinished(settings, key, context.effect);
  if (await isThere(settings, key, stored)) return;
  const { name } = splitKey(key);
  const temporary = temporaryName(key);
  try {
    await context.effect(`receive ${name}`, () => send({ settings, temporary }, stored, context));
    await context.effect(`publish ${name}`, async () => {
      if (!(await isThere(settings, key, stored)))
        await moveObject(settings, temporary, { to: key, replacing: false });
    });
  } catch (error) {
    await removeObject(settings, temporary).catch(() => undefined);
    throw error;
  }
};

/** Failure CORRUPT_ARTIFACT when another one is. */
const isThere = async (settings: RcloneSettings, key: string, stored: StoredBytes): Promise<boolean> => {
  const bytes = await sizeOf(settings, key);
  if (bytes === null) return false;
  const sha256 = bytes === stored.bytes ? await sha256Of(settings, key) : '';
  requireNoOther(targetOf(settings, key), stored, { bytes, sha256 });
  return true;
};

const send = async (
  { settings, temporary }: { settings: RcloneSettings; temporary: string },
  stored: StoredBytes,
  context: ReceiveContext,
): Promise<void> => {
  const what = targetOf(settings, temporary);
  const digest = createDigest(context.onProgress);
  // Fails before its end, so that rclone never takes something else for the whole.
  async function* asAnnounced(): AsyncGenerator<Buffer> {
    let bytes = 0;
    for await (const chunk of digest.through(steadily(() => stored.open(0), context))) {
      bytes += chunk.length;
      if (bytes > stored.bytes) requireAnnounced(what, stored, { bytes, sha256: '' });
      yield chunk;
    }
    requireAnnounced(what, stored, digest.taken());
  }
  await runPipeline(
    [onRemote(settings, rcloneRcat(targetOf(settings, temporary), { ...settings, bytes: stored.bytes }))],
    {
      signal: context.signal,
      processes: NOT_REGISTERED,
      stallTimeoutMs: context.stallTimeoutMs,
      input: Readable.from(asAnnounced(), { objectMode: false }),
      consume: async () => undefined,
    },
  );
  requireAnnounced(what, stored, {
    bytes: (await sizeOf(settings, temporary)) ?? 0,
    sha256: await sha256Of(settings, temporary),
  });
};
