// What `prune` would remove from a deployment's repositories. Reads repositories and state alone: Temporal may be down or gone.
import { type RepositoryRetention, readRetention } from '../../catalog/retention.js';
import type { Config } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import { readNoted } from '../log/log-chain.js';
import { backupsInUse } from './in-use.js';

export interface PrunePlanning {
  deployment: string;
  dropTier: string | null;
  now: Date;
}

/** In the order in which the deployment names its repositories. Failure when none of them answers. */
export const planPrune = async (
  config: Config,
  { deployment, dropTier, now }: PrunePlanning,
): Promise<RepositoryRetention[]> => {
  requireUnknownTier(config, deployment, dropTier);
  const [inUse, noted] = await Promise.all([
    backupsInUse(config, deployment),
    readNoted(config.state, deployment),
  ]);
  return readRetention(config, deployment, { now, inUse, noted, dropTier });
};

/** Which backups a repository is to hold, by its own rules: those of which a missing copy is made, and missed. */
export const wantedIn = async (
  config: Config,
  deployment: string,
  repository: string,
): Promise<(backup: string) => boolean> => {
  const noted = await readNoted(config.state, deployment);
  const asked = { now: new Date(), inUse: new Map<string, string>(), noted, dropTier: null };
  const plan = await readRetention(config, deployment, asked);
  const found = plan.find(({ settings }) => settings.name === repository);
  return found?.wants ?? (() => true);
};

/** What is configured is kept as it is configured. Failure INPUT_INVALID. */
export const requireUnknownTier = (config: Config, deployment: string, tier: string | null): void => {
  const tiers = config.routines[deployment]?.tiers ?? [];
  if (tier === null || !tiers.some(({ name }) => name === tier)) return;
  throw new Failure('INPUT_INVALID', `${tier} is a tier of ${deployment}: what it keeps is configured`, {
    hint: `take it out of deployments.${deployment}.tiers first, or change its keep`,
  });
};
