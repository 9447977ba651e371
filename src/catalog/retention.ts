// Retention of one deployment in all of its repositories: each goes by its own rules, and none removes what another one is to
// keep and does not have yet.
import type { Config } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { tierMoments } from '../config/tier-moments.js';
import { Failure } from '../domain/failure.js';
import type { LogEvent } from '../domain/log-entry.js';
import {
  type Retention,
  type RetentionBackup,
  type RetentionInput,
  retentionOf,
} from '../domain/retention.js';
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
  const known = knownBackups(repositories);
  const asked = {
    tiers: config.routines[name]?.tiers ?? [],
    momentOf: tierMoments(config.timezone),
    ...{ restored: restoredBackups(log), dropTier, now },
  };
  const wanting = repositories.map((facts) => wantedBy(facts, { ...asked, backups: known }));
  return repositories.map((facts) => {
    const { settings, backups, bytes } = facts;
    const held = new Map([...lackedBy(facts, wanting), ...inUse]);
    const retention =
      backups instanceof Failure
        ? backups
        : retentionOf({ ...asked, repository: settings.name, backups, held });
    const wanted = wanting.find((one) => one.facts === facts);
    return { settings, bytes, retention, wants: (backup) => wanted?.goes.has(backup) !== true };
  });
};

/** Each once, as a repository says that has a good one. */
const knownBackups = (repositories: readonly RepositoryFacts[]): RetentionBackup[] => {
  const known = new Map<string, RetentionBackup>();
  for (const { backups } of repositories) {
    for (const backup of backups instanceof Failure ? [] : backups) {
      const other = known.get(backup.id);
      if (other === undefined || other.facts === null) known.set(backup.id, backup);
    }
  }
  return [...known.values()];
};

interface Wanting {
  facts: RepositoryFacts;
  /** What its own rules keep of everything that is known, and it has no good copy of. */
  lacks: ReadonlySet<string>;
  /** What its own rules would remove. */
  goes: ReadonlySet<string>;
}

const wantedBy = (facts: RepositoryFacts, asked: Omit<RetentionInput, 'repository' | 'held'>): Wanting => {
  const repository = facts.settings.name;
  const { verdicts } = retentionOf({ ...asked, repository, held: new Map() });
  const { backups } = facts;
  const good = new Set(
    (backups instanceof Failure ? [] : backups).flatMap(({ id, facts: of }) => (of === null ? [] : [id])),
  );
  const kept = verdicts.filter(({ keptBy }) => keptBy !== null && keptBy !== 'unreadable');
  return {
    facts,
    lacks: new Set(kept.map(({ backup }) => backup).filter((id) => !good.has(id))),
    goes: new Set(verdicts.filter(({ keptBy }) => keptBy === null).map(({ backup }) => backup)),
  };
};

/** What another repository is to keep and lacks, or perhaps lacks: it does not answer. */
const lackedBy = (facts: RepositoryFacts, wanting: readonly Wanting[]): Map<string, string> => {
  const lacked = new Map<string, string>();
  for (const { facts: other, lacks } of wanting) {
    if (other === facts) continue;
    const { name } = other.settings;
    const why = other.backups instanceof Failure ? 'does not answer' : 'has no good copy yet';
    for (const backup of lacks) lacked.set(backup, `${name} is to keep it and ${why}`);
  }
  return lacked;
};
