// Takes out of a restic repository what is damaged in it. restic stores no chunk that its index names: as long as that names a
// pack whose chunks cannot be read, neither a repair nor the next backup would store them again. Whatever can still be read
// is kept, so nothing that could be restored before cannot be afterwards. In a folder of this host only: elsewhere nobody but
// restic can remove a pack.
import { chmod, readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { resticAdopt } from '../../tools/restic.js';
import { saysLocked } from '../../tools/restic-failures.js';
import { resticPackBytes } from '../../tools/restic-output.js';
import type { MendContext } from '../repository.js';
import { someLock } from './check.js';
import { type DamagedFile, damagedFilesIn } from './damaged-files.js';
import { problemsIn } from './inspect.js';
import { exclusively } from './locks.js';
import { forgetSmall } from './memory.js';
import { packsOf } from './packs.js';
import { alone } from './remove.js';
import { type Damaged, forgetKept, hasKept, keepReadable, storeKept } from './salvage.js';
import { isThere, type ResticSession, unlock } from './session.js';
import { requireWritable } from './writable.js';

/** How long whoever else uses the repository may take. */
const WAIT_MS = 60_000;

/** A large one. */
const WITHIN_MS = 6 * 3_600_000;

export const mendRestic = async (session: ResticSession, context: MendContext): Promise<boolean> => {
  if (!(await isThere(session))) return true;
  try {
    await unlock(session);
    let free = false;
    const act = async (): Promise<void> => {
      free = !(await isLocked(session));
      if (free) await mendNow(session, context);
    };
    return (await exclusively(session.settings.repository, { waitMs: WAIT_MS, act })) && free;
  } catch (error) {
    if (saysLocked(error)) return false;
    throw error;
  }
};

/** By another program than this one: it would keep a new index from being made once packs are gone. */
const isLocked = async ({ settings }: ResticSession): Promise<boolean> =>
  someLock(await readdir(join(settings.repository, 'locks')));

/** Each step finds what a killed attempt has done: chunks that it kept lie in the folder until they are stored. */
const mendNow = async (session: ResticSession, context: MendContext): Promise<void> => {
  const { signal, effect, folder } = context;
  const [packs = [], indexes = [], snapshots = []] = await damagedIn(session, signal);
  const none = packs.length + indexes.length + snapshots.length === 0 && !(await hasKept(folder));
  if (none && (await problemsIn(session, signal)).length === 0) return;
  await requireWritable(session.settings);
  await forgetSmall(session);
  // The others cannot be read beside it. What it named is found again in the packs.
  if (indexes.length > 0) await effect('remove damaged indexes', () => removeAll(indexes));
  // It blocks prune, and nobody can read what it was.
  if (snapshots.length > 0) await effect('remove damaged snapshots', () => removeAll(snapshots));
  const unnamed = await takeOut(session, packs, context);
  await effect('make a new index', () => alone(session, resticAdopt, WITHIN_MS));
  if (unnamed.length > 0) {
    // Their index was damaged or is gone. The new one names what is in them, where their own headers could be read.
    const unreadable = await takeOut(session, unnamed, context);
    if (unreadable.length > 0)
      await effect('remove packs that say nothing of themselves', () => removeAll(unreadable));
    await effect('make a new index', () => alone(session, resticAdopt, WITHIN_MS));
  }
  await effect('store what could be read', () => storeKept(session, folder));
  await forgetKept(folder);
};

/** Gives those that no index names: what can be read of them nobody knows yet, so they stay. */
const takeOut = async (
  session: ResticSession,
  packs: readonly DamagedFile[],
  { signal, effect, folder }: MendContext,
): Promise<DamagedFile[]> => {
  const { trees, others, unnamed } = await sorted(session, packs, signal);
  if (others.length > 0)
    await effect('keep what can be read', () => keepReadable(session, { folder, packs: others }, signal));
  for (const { pack, file } of trees)
    if (file.bytes !== resticPackBytes(pack))
      await effect('give a pack its length again', () => resize(file.path, resticPackBytes(pack)));
  if (others.length > 0)
    await effect('remove damaged packs', () => removeAll(others.map(({ file }) => file)));
  return unnamed;
};

const damagedIn = ({ settings }: ResticSession, signal: AbortSignal): Promise<DamagedFile[][]> =>
  Promise.all(
    ['data', 'index', 'snapshots'].map((name) => damagedFilesIn(join(settings.repository, name), signal)),
  );

const removeAll = async (files: readonly DamagedFile[]): Promise<void> => {
  for (const { path } of files) await rm(path, { force: true });
};

/** restic leaves its files to nobody to write. */
const resize = async (path: string, bytes: number): Promise<void> => {
  await chmod(path, 0o600);
  await truncate(path, bytes);
  await chmod(path, 0o400);
};

/**
 * A pack of folders cannot be stored again by its chunks. What is left of it stays: no new backup has the same folders, and
 * with its old length restic reads in it what it can.
 */
const sorted = async (session: ResticSession, packs: readonly DamagedFile[], signal: AbortSignal) => {
  if (packs.length === 0) return { trees: [], others: [], unnamed: [] };
  const known = await packsOf(session, new Set(packs.map(({ id }) => id)), signal);
  const named = packs.flatMap((file): Damaged[] => {
    const pack = known.get(file.id);
    return pack === undefined ? [] : [{ file, pack }];
  });
  const isOfTrees = ({ pack, file }: Damaged): boolean =>
    file.bytes > 0 && pack.blobs.some(({ type }) => type === 'tree');
  return {
    trees: named.filter(isOfTrees),
    others: named.filter((one) => !isOfTrees(one)),
    unnamed: packs.filter(({ id }) => !known.has(id)),
  };
};
