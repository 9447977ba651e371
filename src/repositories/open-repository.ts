// From a repository's settings to the repository.
import type { RepositorySettings } from '../config/config.js';
import { localRepository } from './local/local.js';
import { rcloneRepository } from './rclone/rclone.js';
import type { Repository } from './repository.js';
import { resticRepository } from './restic/restic.js';
import { s3Repository } from './s3/s3.js';

export const openRepository = (settings: RepositorySettings): Repository => {
  switch (settings.kind) {
    case 'local':
      return localRepository(settings);
    case 'rclone':
      return rcloneRepository(settings);
    case 's3':
      return s3Repository(settings);
    case 'restic':
      return resticRepository(settings);
    default:
      return settings satisfies never;
  }
};
