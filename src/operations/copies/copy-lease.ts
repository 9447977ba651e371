// What copies read and write now, in the state folder: as long as a lease names a backup, nothing may remove it, in any
// repository. A killed agent leaves it behind, and the next copy of the same backup takes it over.
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Effect } from '../../domain/effect.js';
import { BACKUP_ID_PATTERN, isBackupId, NAME_PATTERN } from '../../domain/names.js';
import { readJson, removeFile, replaceJson } from '../state-folder.js';

const name = z.string().regex(NAME_PATTERN);

const leaseSchema = z.looseObject({
  version: z.literal(1),
  deployment: name,
  backup: z.string().regex(BACKUP_ID_PATTERN),
  /** The repository that is filled, and those that may be read. */
  to: name,
  from: z.array(name),
  since: z.iso.datetime(),
});
export type CopyLease = z.infer<typeof leaseSchema>;

type Copy = Pick<CopyLease, 'deployment' | 'backup' | 'to'>;

const copiesFolder = (state: string, deployment: string): string => join(state, 'copies', deployment);

/** Journals of one copy lie beside its lease. */
const folderOf = (state: string, { deployment, to, backup }: Copy): string =>
  join(copiesFolder(state, deployment), to, backup);

export const takeLease = async (state: string, lease: CopyLease, effect: Effect): Promise<void> => {
  await mkdir(folderOf(state, lease), { recursive: true, mode: 0o700 });
  await effect('say what is copied', () => replaceJson(join(folderOf(state, lease), 'lease.json'), lease));
};

/** For what a repository must remember of one object between attempts. */
export const journalOf = (state: string, copy: Copy, artifact: string): string =>
  join(folderOf(state, copy), `${artifact}.journal`);

/** The copy is whole: nothing of it has to be remembered. */
export const forgetCopy = (state: string, copy: Copy, effect: Effect): Promise<void> =>
  effect('forget the copy', () => rm(folderOf(state, copy), { recursive: true, force: true }));

/** It is given up for now; its journals stay, for the next attempt. */
export const endLease = (state: string, copy: Copy): Promise<void> =>
  removeFile(join(folderOf(state, copy), 'lease.json'));

/** Every copy of a deployment that is under way, or was when its agent was killed. */
export const readLeases = async (state: string, deployment: string): Promise<CopyLease[]> => {
  const folder = copiesFolder(state, deployment);
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const files = names.filter((file) => file.endsWith('lease.json'));
  const leases = await Promise.all(files.map((file) => readJson(join(folder, file))));
  return leases.flatMap((lease) => {
    const { success, data } = leaseSchema.safeParse(lease);
    return success ? [data] : [];
  });
};

/** Copies into one repository of which something is remembered, under way or not: the backups' ids. */
export const rememberedCopies = async (state: string, deployment: string, to: string): Promise<string[]> => {
  const names = await readdir(join(copiesFolder(state, deployment), to)).catch(() => []);
  return names.filter(isBackupId);
};

/** Those that nothing can take over any more: their repository is no longer the deployment's. */
export const dropStaleLeases = async (
  state: string,
  { deployment, repositories }: { deployment: string; repositories: readonly string[] },
  effect: Effect,
): Promise<void> => {
  for (const lease of await readLeases(state, deployment))
    if (!repositories.includes(lease.to)) await forgetCopy(state, lease, effect);
};

/** For so long somebody may bring a disk or a backup back. Milliseconds. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** What copies of long ago must not remember any more. @param wanted backups that the repository still lacks */
export const forgetOldCopies = async (
  state: string,
  { deployment, to, wanted }: { deployment: string; to: string; wanted: readonly string[] },
  { effect, now = new Date() }: { effect: Effect; now?: Date },
): Promise<void> => {
  const folder = join(copiesFolder(state, deployment), to);
  for (const backup of await readdir(folder).catch(() => [])) {
    if (wanted.includes(backup) || (await lastTouched(join(folder, backup))) > now.getTime() - KEPT_MS)
      continue;
    await forgetCopy(state, { deployment, to, backup }, effect);
  }
};

const lastTouched = async (folder: string): Promise<number> => {
  const names = await readdir(folder).catch(() => []);
  const times = await Promise.all([folder, ...names.map((name) => join(folder, name))].map(changedAt));
  return Math.max(...times);
};

/** What is gone by now is left alone. */
const changedAt = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.POSITIVE_INFINITY,
  );
