// A deployment's log: what every repository and this host's outbox hold of it, as one list. Reads them alone: Temporal may be
// down or gone. What does not hold is named beside the rest, and so is what is missing.
import type { Config, RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { asFailure, Failure } from '../domain/failure.js';
import type { LogEntry } from '../domain/log-entry.js';
import { isTrusted, type Signer, signerOf, type Trust } from '../domain/signature.js';
import { type Answering, unlimited } from './answering.js';
import { type OfflineRepository, repositoriesOf } from './list-backups.js';
import { gapsIn } from './log-gaps.js';
import { parseLogObject, type StoredEntry } from './log-object.js';
import { listOutbox, readOutbox, rememberedLast } from './log-place.js';
import { entriesIn, type HeldEntry } from './log-repository.js';
import { trustOf } from './signing-key.js';

export interface ReadEntry extends LogEntry {
  /** `20260111T224758123Z-backup-0123456789.json`. */
  name: string;
  signer: Signer;
  /** Those that hold it; none: it is on its way. */
  repositories: string[];
}

export interface ReadLog {
  /** Newest first: those whose signature holds, whoever has signed them. */
  entries: ReadEntry[];
  /** What is nowhere, one sentence each; an offline repository may hold it. */
  gaps: string[];
  /** What was changed, put in or signed by somebody who is not trusted, one sentence each. */
  problems: string[];
  /** Names of entries of which no repository has one that can be read, and where they lie. */
  unreadable: { name: string; where: string }[];
  /** What only they hold is not known. */
  offline: OfflineRepository[];
}

/** Failure of the first repository when none answers. @param fresh every byte is read again, whatever is remembered */
export const readLog = async (
  config: Config,
  deployment: string,
  { fresh = false, answering = unlimited }: { fresh?: boolean; answering?: Answering } = {},
): Promise<ReadLog> => {
  const repositories = repositoriesOf(config, deploymentOf(config, deployment));
  // In this order: an entry that leaves the outbox meanwhile is in the repositories then.
  const last = await rememberedLast(config.state, deployment);
  const outbox = await outboxOf(config.state, deployment);
  const answers = await Promise.all(
    repositories.map((repository) =>
      answerOf({ state: config.state, repository, deployment, fresh }, answering),
    ),
  );
  const offline = answers.flatMap(({ repository, held }) =>
    held instanceof Failure ? [{ repository, failure: held }] : [],
  );
  if (offline[0] !== undefined && offline.length === answers.length) throw offline[0].failure;
  const found = [...answers, { repository: null, held: outbox }];
  const merged = mergedOf(found);
  const trust = await trustOf(config);
  const entries = inOrder(merged).map((one) => readEntry(one, trust));
  const gaps = gapsIn(
    merged.map(({ stored }) => stored),
    last,
  );
  const damaged = damagedIn(found);
  const read = new Set(entries.map(({ name }) => name));
  return {
    entries: entries.toReversed(),
    gaps,
    problems: [...damaged.map(inWords), ...foreign(entries)],
    unreadable: damaged.filter(({ name }) => !read.has(name)),
    offline,
  };
};

interface Answer {
  /** null: this host's outbox. */
  repository: string | null;
  held: HeldEntry[] | Failure;
}

const answerOf = async (
  place: { state: string; repository: RepositorySettings; deployment: string; fresh: boolean },
  answering: Answering,
): Promise<{ repository: string; held: HeldEntry[] | Failure }> => ({
  repository: place.repository.name,
  held: await answering(place.repository, () => entriesIn(place)).catch(asFailure),
});

const outboxOf = async (state: string, deployment: string): Promise<HeldEntry[]> => {
  const names = await listOutbox(state, deployment).catch(() => []);
  const read = await Promise.all(
    names.map(async (name) => ({ name, bytes: await readOutbox(state, deployment, name) })),
  );
  return read.flatMap(({ name, bytes }) =>
    bytes === null ? [] : [{ name, stored: parseLogObject(bytes, { deployment, name }) }],
  );
};

interface Merged {
  stored: StoredEntry;
  repositories: string[];
}

/** One for each name and contents. */
const mergedOf = (answers: readonly Answer[]): Merged[] => {
  const merged = new Map<string, Merged>();
  for (const { repository, held } of answers) {
    for (const { stored } of held instanceof Failure ? [] : held) {
      if (stored === null) continue;
      const one = merged.get(stored.sha256) ?? { stored, repositories: [] };
      merged.set(stored.sha256, one);
      if (repository !== null) one.repositories.push(repository);
    }
  }
  return [...merged.values()];
};

/** By time, and where it is the same, each behind the one that it names. */
const inOrder = (merged: readonly Merged[]): Merged[] => {
  const depths = new Map<string, number>();
  const byTime = merged.toSorted((a, b) => (a.stored.name < b.stored.name ? -1 : 1));
  const parents = new Map(byTime.map(({ stored }) => [stored.sha256, stored.entry.previous?.sha256]));
  const depthOf = (sha256: string): number => {
    const path: string[] = [];
    let next: string | undefined = sha256;
    while (next !== undefined && parents.has(next) && !depths.has(next)) {
      path.push(next);
      next = parents.get(next);
    }
    let depth = next === undefined ? 0 : (depths.get(next) ?? 0);
    for (const one of path.toReversed()) depths.set(one, ++depth);
    return depths.get(sha256) ?? 0;
  };
  return byTime.toSorted(
    (a, b) =>
      Date.parse(a.stored.entry.at) - Date.parse(b.stored.entry.at) ||
      depthOf(a.stored.sha256) - depthOf(b.stored.sha256),
  );
};

const readEntry = ({ stored, repositories }: Merged, trust: Trust): ReadEntry => ({
  ...stored.entry,
  name: stored.name,
  signer: signerOf(stored.key, trust),
  repositories,
});

const inWords = ({ name, where }: ReadLog['unreadable'][number]): string =>
  `${name} in ${where} is not an entry as it was signed`;
const damagedIn = (answers: readonly Answer[]): ReadLog['unreadable'] =>
  answers.flatMap(({ repository, held }) =>
    (held instanceof Failure ? [] : held).flatMap(({ name, stored }) =>
      stored === null ? [{ name, where: repository ?? 'the outbox' }] : [],
    ),
  );

const foreign = (entries: readonly ReadEntry[]): string[] =>
  entries.flatMap(({ name, signer }) =>
    isTrusted(signer) ? [] : [`${name} is signed by ${signer.key}, which is not trusted here`],
  );
