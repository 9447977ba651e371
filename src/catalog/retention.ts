// Retention of one deployment in all of its repositories, from what they hold and what the log says.
import type { Config } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { tierMoments } from '../config/tier-moments.js';
import { Failure } from '../domain/failure.js';
import type { LogEvent } from '../domain/log-entry.js';
import type { Retention } from '../domain/retention.js';
import { retentionAcross } from '../domain/retention-across.js';
import type { MomentOf } from '../domain/retention-input.js';
import { type Answering, unlimited } from './answering.js';
import { repositoriesOf } from './catalog.js';
import { type ReadLog, readLog } from './log.js';
import { lostPins, pinsOf } from './pins.js';
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

/** What retention goes by. */
export interface Holdings {
  log: ReadLog;
  /** In the order in which the deployment names its repositories. */
  repositories: RepositoryFacts[];
}

/** In the order in which the deployment names its repositories. Failure of the first one when none answers. */
export const readRetention = async (
  config: Config,
  name: string,
  options: RetentionOptions,
): Promise<RepositoryRetention[]> => {
  const log = await readLog(config, name);
  const holdings = await readHoldings(config, name, { log, noted: options.noted });
  return retentionIn(config, name, { ...options, ...holdings });
};

export const readHoldings = async (
  config: Config,
  name: string,
  { log, noted, answering = unlimited }: HoldingsOptions,
): Promise<Holdings> => {
  const trust = await trustOf(config);
  const pins = pinsOf(log, noted);
  const reading = { state: config.state, deployment: name, trust, log, pins, answering };
  const repositories = repositoriesOf(config, deploymentOf(config, name));
  return { log, repositories: await Promise.all(repositories.map((settings) => factsOf(settings, reading))) };
};

export interface HoldingsOptions extends Pick<RetentionOptions, 'noted'> {
  log: ReadLog;
  answering?: Answering;
}

export interface RetentionInputs extends Holdings, Omit<RetentionOptions, 'noted'> {
  /** Of the configuration's time zone, where it is asked for several deployments. */
  momentOf?: MomentOf;
}

/** From what was read alone. */
export const retentionIn = (
  config: Config,
  name: string,
  { log, repositories, now, inUse, dropTier, momentOf }: RetentionInputs,
): RepositoryRetention[] => {
  const across = retentionAcross(repositories.map(heldBy), {
    tiers: config.routines[name]?.tiers ?? [],
    momentOf: momentOf ?? tierMoments(config.timezone),
    ...{ restored: restoredBackups(log), held: new Map([...lostPins(log), ...inUse]), dropTier, now },
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
