// Which backups a repository lacks that others have: told by what they list, without reading a manifest.
import { MANIFEST_NAME } from '../../catalog/manifest-file.js';
import type { RepositorySettings } from '../../config/config.js';
import { asFailure, type Failure } from '../../domain/failure.js';
import { isBackupId } from '../../domain/names.js';
import { openRepository } from '../../repositories/open-repository.js';

/** Sizes of a backup's objects by their names. */
type Objects = Map<string, number>;

/** Ids, newest first: those whose manifest or any other object is missing there, or has another size. */
export const missingCopies = async (
  deployment: string,
  { from, to }: { from: readonly RepositorySettings[]; to: RepositorySettings },
): Promise<string[]> => {
  const there = await backupsIn(to, deployment);
  const missing = new Set<string>();
  for (const source of await readable(from, deployment)) {
    for (const [id, objects] of source)
      if (objects.has(MANIFEST_NAME) && !holdsAll(there.get(id), objects)) missing.add(id);
  }
  return [...missing].sort().reverse();
};

/** Ids of every backup that any of the repositories holds, newest first. Those that cannot be read are left out. */
export const knownBackups = async (
  deployment: string,
  repositories: readonly RepositorySettings[],
): Promise<string[]> => {
  const ids = new Set<string>();
  for (const backups of await readable(repositories, deployment))
    for (const [id, objects] of backups) if (objects.has(MANIFEST_NAME)) ids.add(id);
  return [...ids].sort().reverse();
};

/** Failure of the first one, when not a single one can be read. */
const readable = async (
  repositories: readonly RepositorySettings[],
  deployment: string,
): Promise<Map<string, Objects>[]> => {
  const failures: Failure[] = [];
  const found: Map<string, Objects>[] = [];
  for (const settings of repositories) {
    try {
      found.push(await backupsIn(settings, deployment));
    } catch (error) {
      failures.push(asFailure(error));
    }
  }
  if (found.length === 0 && failures[0] !== undefined) throw failures[0];
  return found;
};

const backupsIn = async (settings: RepositorySettings, deployment: string): Promise<Map<string, Objects>> => {
  const backups = new Map<string, Objects>();
  for (const { key, bytes } of await openRepository(settings).list(deployment)) {
    const [, id, name, ...rest] = key.split('/');
    if (!isBackupId(id) || name === undefined || rest.length > 0) continue;
    const objects: Objects = backups.get(id) ?? new Map();
    backups.set(id, objects.set(name, bytes));
  }
  return backups;
};

const holdsAll = (there: Objects | undefined, wanted: Objects): boolean =>
  there !== undefined && [...wanted].every(([name, bytes]) => there.get(name) === bytes);
