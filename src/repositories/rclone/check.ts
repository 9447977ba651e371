// Whether an rclone remote can be used: asked before a backup begins, and by doctor.
import type { RcloneSettings } from '../../config/config.js';
import { runEffect } from '../../domain/effect.js';
import { rcloneAbout, rcloneRcat } from '../../tools/rclone.js';
import { temporaryName } from './names.js';
import { clearUnfinished, removeObject, targetOf } from './objects.js';
import { inputOf, rcloneAnswer } from './run.js';

const PROBE = 'probe';

/** Writes and removes an object: that a remote can be listed says nothing of the right to write. */
export const checkRclone = async (settings: RcloneSettings): Promise<void> => {
  await clearUnfinished(settings, PROBE, runEffect);
  const probe = temporaryName(PROBE);
  const bytes = Buffer.from('holdfast\n');
  try {
    await rcloneAnswer(settings, rcloneRcat(targetOf(settings, probe), { bytes: bytes.length }), {
      input: inputOf(bytes),
    });
  } finally {
    await removeObject(settings, probe);
  }
};

/** null: the remote does not say. */
export const rcloneFreeBytes = async (settings: RcloneSettings): Promise<number | null> => {
  const answer = await rcloneAnswer(settings, rcloneAbout(settings.remote)).catch(() => null);
  const [, free] = /"free":\s*(\d+)/.exec(answer?.toString() ?? '') ?? [];
  return free === undefined ? null : Number(free);
};
