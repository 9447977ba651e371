// Whether what a deployment stores is encrypted by age.
import type { Config, Deployment } from './config.js';

/** Its copies are what the primary holds: where that is a restic repository, which encrypts by itself, they are not encrypted. */
export const encrypts = (
  { encryption, repositories }: Pick<Config, 'encryption' | 'repositories'>,
  deployment: Pick<Deployment, 'repositories'>,
): boolean => encryption !== null && repositories[deployment.repositories[0] ?? '']?.kind !== 'restic';
