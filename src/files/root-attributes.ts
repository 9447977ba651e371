// Mode and owner of a mount point, which stays where it is while what is in it is replaced. Its time and access lists stay its own.
// A side folder keeps them for the data it holds: made with mode 0, and given the real one last, so mode 0 says "not yet".
import { chmod, chown, mkdir } from 'node:fs/promises';
import type { Effect } from '../domain/effect.js';
import { isErrno, statusOf } from './status.js';
import { explained } from './swap-failure.js';

/** Makes `folder`, if need be, for data that is in `live` now. */
export const keepAttributes = async (live: string, folder: string, effect: Effect): Promise<void> => {
  if (await holdsAttributes(folder)) return;
  const what = `make the folder ${folder}`;
  await effect(what, () =>
    explained(what, async () => {
      if (!(await statusOf(folder))) await mkdir(folder, { mode: 0 });
      await copyAttributes(live, folder);
    }),
  );
};

/** Gives `live` the attributes that `folder` keeps. */
export const giveAttributes = async (folder: string, live: string, effect: Effect): Promise<void> => {
  const [kept, present] = [await attributesOf(folder), await attributesOf(live)];
  if (kept.mode === present.mode && kept.uid === present.uid && kept.gid === present.gid) return;
  const what = `give ${live} the mode and owner of ${folder}`;
  await effect(what, () => explained(what, () => copyAttributes(folder, live)));
};

export const holdsAttributes = async (folder: string): Promise<boolean> => {
  const stats = await statusOf(folder);
  return stats !== null && (stats.mode & 0o7777n) !== 0n;
};

const attributesOf = async (folder: string) => {
  const stats = await statusOf(folder);
  return {
    mode: Number((stats?.mode ?? 0n) & 0o7777n),
    uid: Number(stats?.uid ?? 0n),
    gid: Number(stats?.gid ?? 0n),
  };
};

const copyAttributes = async (from: string, to: string): Promise<void> => {
  const { mode, uid, gid } = await attributesOf(from);
  const present = await attributesOf(to);
  if (present.uid !== uid || present.gid !== gid) await asFarAsAllowed(() => chown(to, uid, gid));
  await asFarAsAllowed(() => chmod(to, mode));
};

/** An ordinary user cannot give files away, nor change what another owns: as with tar, the rest is done. */
const asFarAsAllowed = async (act: () => Promise<void>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (process.getuid?.() === 0 || !isErrno(error, 'EPERM')) throw error;
  }
};
