// A repository that has lost what was in it: its disk is not mounted, its folder or bucket is a new one. To go on as if nothing
// had ever been there would hide every backup, and fill the disk below the mount point with the next one.
import { Failure } from '../domain/failure.js';
import { openRepository } from '../repositories/open-repository.js';
import { type CachePlace, readCache } from './cache.js';
import { MANIFEST_NAME } from './manifest-file.js';
import { hasOwner } from './owner.js';

/** Failure where this host has seen backups of the deployment, and neither one nor the file that says whose they are is left. */
export const requireNotVanished = async (place: CachePlace): Promise<void> => {
  const seen = (await readCache(place)).size;
  if (seen === 0) return;
  const repository = openRepository(place.repository);
  if (await hasOwner(repository, place.deployment)) return;
  if ((await repository.list(place.deployment, MANIFEST_NAME)).length > 0) return;
  throw new Failure(
    'REPOSITORY_UNREACHABLE',
    `repository ${repository.name} at ${repository.location} holds nothing of ${place.deployment} any more, and held ${seen === 1 ? 'a backup' : `${seen} backups`}`,
    {
      retryable: false,
      hint: `is its disk mounted? To begin anew in an empty one: holdfast backup ${place.deployment} --take-over`,
    },
  );
};
