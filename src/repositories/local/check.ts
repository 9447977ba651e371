// Whether a local repository can be used: asked before a backup begins, and by doctor.
import { access, constants, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LocalSettings } from '../../config/config.js';
import { runEffect } from '../../domain/effect.js';
import { nullWhenMissing, unreachable } from './failure.js';
import { clearUnfinished, temporaryName } from './publish.js';

/** A repository that is not there yet is made by the first backup: then the folder above it counts. */
export const checkLocal = async (settings: LocalSettings): Promise<void> => {
  const there = await stat(settings.path).catch(nullWhenMissing);
  if (there !== null && !there.isDirectory()) throw unreachable(settings, { why: 'it is not a folder' });
  const folder = there === null ? dirname(settings.path) : settings.path;
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    throw unreachable(settings, { why: `${folder} is missing or cannot be written`, cause });
  });
  if (there !== null) await tryToWrite(settings.path);
};

/** Permissions alone do not say: a network share may refuse root. */
const tryToWrite = async (folder: string): Promise<void> => {
  await clearUnfinished(folder, PROBE, runEffect);
  const probe = join(folder, temporaryName(PROBE));
  try {
    await (await open(probe, 'wx', 0o600)).close();
  } finally {
    await rm(probe, { force: true });
  }
};

const PROBE = 'probe';

/** null: it cannot be known. */
export const freeBytesAt = async (path: string): Promise<number | null> => {
  const found = await statfs(path)
    .catch(() => statfs(dirname(path)))
    .catch(() => null);
  return found === null ? null : found.bavail * found.bsize;
};
