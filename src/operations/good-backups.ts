// A deployment's good backups, whichever of its repositories hold them: the same ones for the page that people look at, for
// whoever is told of trouble, and for what is overdue.
import type { Answering } from '../catalog/answering.js';
import { type ReadLog, readLog } from '../catalog/log.js';
import { readHoldings } from '../catalog/retention.js';
import type { RepositoryFacts } from '../catalog/retention-facts.js';
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import { SAFETY_TIER } from '../domain/names.js';
import type { TierSuccess } from '../domain/overdue.js';
import { isTrusted } from '../domain/signature.js';
import { readNoted } from './log/log-chain.js';

export interface GoodBackup {
  id: string;
  tiers: readonly string[];
  startedAt: string;
  scheduledFor: string | null;
  bytes: number;
  repositories: string[];
}

export interface KnownBackups {
  /** Empty where no repository knows of one: why, its `backups` say. */
  log: ReadLog;
  repositories: RepositoryFacts[];
  /** Newest first. */
  good: GoodBackup[];
}

/** Never fails for a repository that does not answer. */
export const readKnownBackups = async (
  config: Config,
  name: string,
  answering?: Answering,
): Promise<KnownBackups> => {
  const limit = answering === undefined ? {} : { answering };
  const log = await readLog(config, name, limit).catch((): ReadLog => EMPTY_LOG);
  const noted = await readNoted(config.state, name);
  const { repositories } = await readHoldings(config, name, { log, noted, ...limit });
  return { log, repositories, good: goodIn(repositories) };
};

const EMPTY_LOG: ReadLog = { entries: [], gaps: [], problems: [], unreadable: [], offline: [] };

/** As `readKnownBackups`; the first repository's Failure where none answers: then nothing is known. */
export const requireKnownBackups = async (config: Config, name: string): Promise<KnownBackups> => {
  const known = await readKnownBackups(config, name);
  const failures = known.repositories.flatMap(({ backups }) => (backups instanceof Failure ? [backups] : []));
  const [first] = failures;
  if (first !== undefined && failures.length === known.repositories.length) throw first;
  return known;
};

/** Restores in place make safety backups: nobody wants to fall back on those. */
export const newestGood = ({ good }: Pick<KnownBackups, 'good'>): GoodBackup | undefined =>
  good.find(({ tiers }) => !tiers.includes(SAFETY_TIER));

/** Of each tier. What is gone by now is still in the log; when it ended, too. */
export const successesOf = ({ good, log }: Pick<KnownBackups, 'good' | 'log'>): TierSuccess[] => {
  const made = log.entries.filter(
    ({ kind, outcome, signer }) => kind === 'backup' && outcome === 'made' && isTrusted(signer),
  );
  const ended = new Map(made.map(({ backup, at }) => [backup, at]));
  const held = new Set(good.map(({ id }) => id));
  return [
    ...good.flatMap(({ id, tiers, startedAt, scheduledFor }) =>
      tiers.map((tier) => ({ tier, scheduledFor, finishedAt: ended.get(id) ?? startedAt })),
    ),
    ...made.flatMap(({ backup, at, facts: { tiers } }) =>
      held.has(backup) || !Array.isArray(tiers)
        ? []
        : tiers.map((tier) => ({ tier, scheduledFor: null, finishedAt: at })),
    ),
  ];
};

const goodIn = (repositories: readonly RepositoryFacts[]): GoodBackup[] => {
  const known = new Map<string, GoodBackup>();
  for (const { settings, backups, bytes } of repositories) {
    for (const { id, facts } of backups instanceof Failure ? [] : backups) {
      if (facts === null) continue;
      const { tiers, startedAt, scheduledFor } = facts;
      const one = known.get(id) ?? {
        ...{ id, tiers, startedAt, scheduledFor, bytes: bytes.get(id) ?? 0 },
        repositories: [],
      };
      one.repositories.push(settings.name);
      known.set(id, one);
    }
  }
  return [...known.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
};
