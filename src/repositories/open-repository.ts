// From a repository's settings to the repository.
import type { RepositorySettings } from '../config/config.js';
import { localRepository } from './local.js';
import type { Repository } from './repository.js';

export const openRepository = (settings: RepositorySettings): Repository => {
  switch (settings.kind) {
    case 'local':
      return localRepository(settings);
    default:
      return settings.kind satisfies never;
  }
};
