// Retention of one deployment in all of its repositories, from what they hold and what the log says.
import type { Config } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { tierMoments } from '../config/tier-moments.js';
import { Failure } from '../domain/failure.js';
import type { LogEvent } from '../domain/log-entry.js';
import type { Retention } from '../domain/retention.js';
import { retentionAcross } from '../domain/retention-across.js';
import { repositoriesOf } from './catalog.js';
import { readLog } from './log.js';
import { pinsOf } from './pins.js';
import { restoredBackups } from './proof.js';
import { factsOf, type RepositoryFacts } from './retention-facts.js';
import { trustOf } from './signing-key.js';

export interface RetentionOptions {
  now: Date;
  /** Why backups may not go now, by id. */
  inUse: ReadonlyMap<string, string>;
  /** What this host noted and has not signed yet. */
  noted: readonly LogEvent[];
  dropTier: string | null;
}

export interface RepositoryRetention extends Pick<RepositoryFacts, 'settings' | 'bytes'> {
  /** A Failure: the repository does not answer. */
  retention: Retention | Failure;
  /** Whether this repository is to hold a backup that another one has, by the rules it has itself. */
  wants: (backup: string) => boolean;
}

/** In the order in which the deployment names its repositories. Failure of the first one when none answers. */
export const readRetention = async (
  config: Config,
  name: string,
  { now, inUse, noted, dropTier }: RetentionOptions,
): Promise<RepositoryRetention[]> => {
  const deployment = deploymentOf(config, name);
  const [log, trust] = await Promise.all([readLog(config, name), trustOf(config)]);
  const reading = { state: config.state, deployment: name, trust, log, pins: pinsOf(log, noted) };
  const repositories = await Promise.all(
    repositoriesOf(config, deployment).map((settings) => factsOf(settings, reading)),
  );
  const across = retentionAcross(repositories.map(heldBy), {
    tiers: config.routines[name]?.tiers ?? [],
    momentOf: tierMoments(config.timezone),
    ...{ restored: restoredBackups(log), held: inUse, dropTier, now },
  });
  return repositories.flatMap(({ settings, backups, bytes }, index) => {
    const found = across[index];
    if (found === undefined) return [];
    const failed = backups instanceof Failure ? backups : null;
    const { wants, retention } = found;
    return [{ settings, bytes, wants, retention: failed ?? retention ?? NOTHING }];
  });
};

const heldBy = ({ settings, backups }: RepositoryFacts) => ({
  repository: settings.name,
  backups: backups instanceof Failure ? null : backups,
});

const NOTHING: Retention = { verdicts: [], stop: '' };
