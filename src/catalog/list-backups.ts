// Every backup of a deployment, whichever repositories hold it; those that cannot be read are listed with the reason, and so
// are repositories that do not answer: they never make the others fail.
import type { Config, Deployment, RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { asFailure, Failure } from '../domain/failure.js';
import { backupsIn, type HeldBackup } from './list-repository.js';
import { trustOf } from './signing-key.js';
import type { BackupSummary } from './summary.js';

export interface CatalogEntry {
  deployment: string;
  id: string;
  /** null: no copy of its manifest can be read, and `problem` says why. */
  summary: BackupSummary | null;
  problem: string;
  /** Names of the repositories that hold it: while one copy can be read, only those whose copy can. */
  repositories: string[];
  /** Where its manifest cannot be read. */
  damaged: { repository: string; problem: string }[];
  /** Repositories of its deployment that did not answer: whether they hold it is not known. */
  unknown: string[];
  /** Stored bytes of its artifacts in one repository. */
  bytes: number;
}

export interface OfflineRepository {
  repository: string;
  failure: Failure;
}

export interface Catalog {
  /** Newest first; one entry a backup, whichever repositories hold it. */
  backups: CatalogEntry[];
  /** Each once. */
  offline: OfflineRepository[];
}

export interface CatalogFilter {
  deployment?: string;
  repository?: string;
}

/** Failure of the first repository when none of them answers. */
export const readCatalog = async (config: Config, filter: CatalogFilter = {}): Promise<Catalog> => {
  const deployments =
    filter.deployment === undefined
      ? Object.values(config.deployments)
      : [deploymentOf(config, filter.deployment)];
  const parts = await Promise.all(
    deployments.map((deployment) => deploymentCatalog(config, deployment, filter.repository)),
  );
  const backups = parts.flatMap((part) => part.backups);
  const offline = new Map(parts.flatMap((part) => part.offline.map((one) => [one.repository, one])));
  const [first] = offline.values();
  if (first !== undefined && parts.every(({ answered }) => answered === 0)) throw first.failure;
  return {
    backups: backups.sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)),
    offline: [...offline.values()],
  };
};

export const repositoriesOf = (
  config: Config,
  deployment: Deployment,
  only?: string,
): RepositorySettings[] => {
  const names = only === undefined ? deployment.repositories : [only];
  return names.map((name) => {
    const settings = Object.hasOwn(config.repositories, name) ? config.repositories[name] : undefined;
    if (settings !== undefined) return settings;
    throw new Failure('INPUT_INVALID', `there is no repository ${name}`, {
      hint: `name one of: ${Object.keys(config.repositories).join(', ')}`,
    });
  });
};

interface Answer {
  repository: string;
  /** A Failure: it did not answer. */
  held: HeldBackup[] | Failure;
}

const deploymentCatalog = async (
  config: Config,
  deployment: Deployment,
  only: string | undefined,
): Promise<Catalog & { answered: number }> => {
  // Whoever only looks may not be allowed to read the key: a list is slower without it, and no other.
  const trust = await trustOf(config).catch(() => ({ own: null, keys: config.trust }));
  const looking = { state: config.state, trust };
  const answers = await Promise.all(
    repositoriesOf(config, deployment, only).map(
      async (settings): Promise<Answer> => ({
        repository: settings.name,
        held: await backupsIn(settings, deployment.name, looking).catch(asFailure),
      }),
    ),
  );
  const offline = answers.flatMap(({ repository, held }) =>
    held instanceof Failure ? [{ repository, failure: held }] : [],
  );
  return {
    backups: merged(deployment.name, answers, offline),
    offline,
    answered: answers.length - offline.length,
  };
};

const merged = (
  deployment: string,
  answers: readonly Answer[],
  offline: readonly OfflineRepository[],
): CatalogEntry[] => {
  const copies = new Map<string, { repository: string; held: HeldBackup }[]>();
  for (const { repository, held } of answers) {
    if (held instanceof Failure) continue;
    for (const one of held) copies.set(one.id, [...(copies.get(one.id) ?? []), { repository, held: one }]);
  }
  const unknown = offline.map(({ repository }) => repository);
  return [...copies].map(([id, held]) => ({ deployment, id, ...entryOf(held), unknown }));
};

const entryOf = (copies: readonly { repository: string; held: HeldBackup }[]) => {
  const readable = copies.filter(({ held }) => held.summary !== null);
  const summary = readable[0]?.held.summary ?? null;
  return {
    summary,
    problem: summary === null ? (copies[0]?.held.problem ?? '') : '',
    repositories: (summary === null ? copies : readable).map(({ repository }) => repository),
    damaged: copies.flatMap(({ repository, held }) =>
      held.summary === null ? [{ repository, problem: held.problem }] : [],
    ),
    bytes: summary?.bytes ?? 0,
  };
};
