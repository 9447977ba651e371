// All repositories as one list. Reads repositories alone: Temporal may be down or gone.
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import { SAFETY_TIER } from '../domain/names.js';
import { type CatalogEntry, listBackups } from './list-backups.js';

export { type CatalogEntry, listBackups, readManifest, repositoriesOf } from './list-backups.js';

/** @param id a backup's id or any unique start of it, or `latest`, which no safety backup is */
export const findBackup = async (
  config: Config,
  { deployment, id, repository }: { deployment: string; id: string; repository?: string },
): Promise<CatalogEntry> => {
  const all = await listBackups(config, { deployment, ...(repository === undefined ? {} : { repository }) });
  if (id === 'latest') return newestReadable(all, deployment);
  const matching = id === '' ? [] : all.filter((entry) => entry.id.startsWith(id));
  const exact = matching.find((entry) => entry.id === id) ?? matching[0];
  if (exact === undefined) throw unknown(deployment, id, all);
  if (matching.length > 1 && exact.id !== id) throw ambiguous(id, matching);
  return exact;
};

const newestReadable = (all: readonly CatalogEntry[], deployment: string): CatalogEntry => {
  const newest = all.find(({ manifest }) => manifest !== null && !manifest.tiers.includes(SAFETY_TIER));
  if (newest !== undefined) return newest;
  throw new Failure('UNKNOWN_BACKUP', `there is no backup of ${deployment} that can be read`, {
    hint: `make one: holdfast backup ${deployment}`,
  });
};

const unknown = (deployment: string, id: string, all: readonly CatalogEntry[]): Failure => {
  const newest = all.slice(0, 3).map((entry) => entry.id);
  return new Failure('UNKNOWN_BACKUP', `there is no backup ${id} of ${deployment}`, {
    hint:
      newest.length === 0
        ? `make one: holdfast backup ${deployment}`
        : `the newest ones are ${newest.join(', ')}`,
  });
};

const ambiguous = (id: string, matching: readonly CatalogEntry[]): Failure =>
  new Failure('UNKNOWN_BACKUP', `${id} is the start of ${matching.length} backups`, {
    hint: `give more of it: ${matching
      .slice(0, 5)
      .map((entry) => entry.id)
      .join(', ')}`,
  });
