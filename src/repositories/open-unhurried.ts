// A repository as copies and verify read it, which nobody waits for: no faster than it allows.
import type { RepositorySettings } from '../config/config.js';
import { openRepository } from './open-repository.js';
import type { Repository } from './repository.js';
import { atPace, unhurried } from './unhurried.js';

/** @param most bytes a second, where whoever reads wants to be slower than the repository's bandwidth; null: no limit */
export const openUnhurried = (settings: RepositorySettings, most: number | null = null): Repository => {
  const repository = openRepository(settings);
  const limit = Math.min(most ?? Number.POSITIVE_INFINITY, settings.bandwidth ?? Number.POSITIVE_INFINITY);
  if (limit === Number.POSITIVE_INFINITY) return repository;
  const pace = unhurried(limit);
  return { ...repository, open: async (key, offset) => atPace(await repository.open(key, offset), pace) };
};
