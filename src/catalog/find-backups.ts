// What a repository holds when nothing else is known of it: no configuration, no state.
import type { RepositorySettings } from '../config/config.js';
import { isBackupId, isName } from '../domain/names.js';
import { openRepository } from '../repositories/open-repository.js';
import { MANIFEST_NAME } from './manifest-file.js';

export interface FoundDeployment {
  name: string;
  /** Ids of its backups, newest first; none of them has been read. */
  backups: string[];
}

/** Those that have a backup, by name. */
export const findDeployments = async (settings: RepositorySettings): Promise<FoundDeployment[]> => {
  const found = new Map<string, string[]>();
  for (const { key } of await openRepository(settings).list('')) {
    const [deployment = '', backup = '', name, ...deeper] = key.split('/');
    if (name !== MANIFEST_NAME || deeper.length > 0 || !isName(deployment) || !isBackupId(backup)) continue;
    found.set(deployment, [...(found.get(deployment) ?? []), backup]);
  }
  return [...found]
    .map(([name, backups]) => ({ name, backups: backups.sort().reverse() }))
    .sort((a, b) => a.name.localeCompare(b.name));
};
