// A state folder that is new, or lost its head: the newest entry in the repositories, or on its way to them, is the last one.
import {
  eventOf,
  isLogName,
  logFolderIn,
  parseLogObject,
  type StoredEntry,
} from '../../catalog/log-object.js';
import { listOutbox, readOutbox } from '../../catalog/log-place.js';
import type { RepositorySettings } from '../../config/config.js';
import { asFailure, type Failure } from '../../domain/failure.js';
import type { LogKind } from '../../domain/log-entry.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Repository } from '../../repositories/repository.js';
import { EMPTY_HEAD, headAfter, type LogHead, REMEMBERED } from './log-head.js';

interface Held {
  name: string;
  read: () => Promise<Buffer | null>;
}

/** Failure of the first repository when none of them answers: a log must not begin a second time. */
export const recoverHead = async (
  state: string,
  deployment: string,
  repositories: readonly RepositorySettings[],
): Promise<LogHead> => {
  const held = [...(await inOutbox(state, deployment)), ...(await inRepositories(deployment, repositories))];
  held.sort((a, b) => (a.name < b.name ? -1 : 1));
  const firstGood = async (chosen: readonly Held[]): Promise<StoredEntry[]> => {
    for (const { name, read } of chosen.toReversed()) {
      const bytes = await read();
      const stored = bytes === null ? null : parseLogObject(bytes, { deployment, name });
      if (stored !== null) return [stored];
    }
    return [];
  };
  const of = (kind: LogKind) => held.filter(({ name }) => name.includes(`-${kind}-`));
  const found = [
    ...(await firstGood(of('configuration'))),
    ...(await firstGood(of('key'))),
    ...(await firstGood(held)),
  ];
  const recent = [...new Set(held.map(({ name }) => eventOf(name)))].slice(-REMEMBERED);
  return { ...found.reduce(headAfter, EMPTY_HEAD), recent };
};

const inOutbox = async (state: string, deployment: string): Promise<Held[]> =>
  (await listOutbox(state, deployment)).map((name) => ({
    name,
    read: () => readOutbox(state, deployment, name),
  }));

const inRepositories = async (
  deployment: string,
  settings: readonly RepositorySettings[],
): Promise<Held[]> => {
  const failures: Failure[] = [];
  const found: Held[] = [];
  for (const repository of settings.map(openRepository)) {
    try {
      found.push(...(await namesIn(repository, deployment)));
    } catch (error) {
      failures.push(asFailure(error));
    }
  }
  if (failures[0] !== undefined && failures.length === settings.length) throw failures[0];
  return found;
};

const namesIn = async (repository: Repository, deployment: string): Promise<Held[]> =>
  (await repository.list(logFolderIn(deployment))).flatMap(({ key }) => {
    const name = key.slice(key.lastIndexOf('/') + 1);
    return isLogName(name) ? [{ name, read: () => repository.get(key) }] : [];
  });
