// Brings the log to the repositories: whatever one of them lacks stays in the outbox until it answers again.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoriesOf } from '../../catalog/catalog.js';
import { logFolderIn } from '../../catalog/log-object.js';
import { outboxFolder, readOutbox } from '../../catalog/log-place.js';
import type { Config, RepositorySettings } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import type { Effect } from '../../domain/effect.js';
import { asFailure, Failure } from '../../domain/failure.js';
import { openRepository } from '../../repositories/open-repository.js';
import { putInOrder } from '../../repositories/put-in-order.js';
import type { Repository, SmallObject } from '../../repositories/repository.js';
import { createTurns } from '../agent/turns.js';
import type { PushLog } from '../context.js';
import { chainNoted } from './log-chain.js';

export interface LogHost {
  state: string;
  instance: string;
  loadConfig: () => Promise<Config>;
}

/** One for each agent. */
export const createLogPusher = ({ state, instance, loadConfig }: LogHost): PushLog => {
  const turns = createTurns();
  const inTurn = <T>(key: string, act: () => Promise<T>): Promise<T> =>
    turns.take(key, new AbortController().signal, act);
  const knownIn = deliveredNames();
  return async (deployment, effect) => {
    const config = await loadConfig();
    const configured = deploymentOf(config, deployment);
    const repositories = repositoriesOf(config, configured);
    const host = { state, instance, effect };
    const chaining = { host, deployment, repositories, digest: configured.digest };
    const names = await inTurn(deployment, () => chainNoted(chaining));
    const deliveries = repositories.map((settings) => {
      const place = `${deployment} ${settings.name}`;
      return { place, settings, names, known: knownIn(place) };
    });
    await Promise.all(
      deliveries.map((delivery) => inTurn(delivery.place, () => deliver(delivery, deployment, host))),
    );
    await clear(names, deliveries, (entry) =>
      effect('clear the log entry from the outbox', () =>
        rm(join(outboxFolder(state, deployment), entry), { force: true }),
      ),
    );
  };
};

/** What this process has brought to a repository already, while another one still lacks it. */
const deliveredNames = (): ((place: string) => Set<string>) => {
  const places = new Map<string, Set<string>>();
  return (place) => {
    const known = places.get(place) ?? new Set<string>();
    places.set(place, known);
    return known;
  };
};

/** Those that every repository has. */
const clear = async (
  names: readonly string[],
  deliveries: readonly Delivery[],
  remove: (name: string) => Promise<void>,
): Promise<void> => {
  for (const name of names.filter((one) => deliveries.every(({ known }) => known.has(one)))) {
    await remove(name);
    for (const { known } of deliveries) known.delete(name);
  }
};

interface Delivery {
  settings: RepositorySettings;
  names: readonly string[];
  /** Gets the names of those that are there. */
  known: Set<string>;
}

/** A repository that does not answer is asked a minute later. */
const deliver = async (
  { settings, names, known }: Delivery,
  deployment: string,
  { state, effect }: { state: string; effect: Effect },
): Promise<void> => {
  const repository = openRepository(settings);
  const waiting = names.filter((one) => !known.has(one));
  const together = repository.putTogether === undefined ? 1 : TOGETHER;
  for (let at = 0; at < waiting.length; at += together) {
    const entries: Entry[] = [];
    for (const name of waiting.slice(at, at + together)) {
      const bytes = await readOutbox(state, deployment, name);
      if (bytes !== null) entries.push({ name, key: `${logFolderIn(deployment)}/${name}`, bytes });
    }
    if (!(await put(repository, entries, { known, effect }))) return;
  }
};

/** Each of them is named in one argument of restic. */
const TOGETHER = 100;

interface Entry extends SmallObject {
  name: string;
}

/** One that is refused for itself keeps none of the others. false: the repository does not answer. */
const put = async (
  repository: Repository,
  entries: readonly Entry[],
  { known, effect }: { known: Set<string>; effect: Effect },
): Promise<boolean> => {
  try {
    await putInOrder(repository, entries, effect);
    for (const { name } of entries) known.add(name);
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (asFailure(error).code !== 'OPERATION_LOST') return false;
  }
  if (entries.length === 1) return true;
  for (const entry of entries) if (!(await put(repository, [entry], { known, effect }))) return false;
  return true;
};
