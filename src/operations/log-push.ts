// Brings the log to the repositories: whatever one of them lacks stays in the outbox until it answers again.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoriesOf } from '../catalog/catalog.js';
import { logFolderIn } from '../catalog/log-object.js';
import { outboxFolder, readOutbox } from '../catalog/log-place.js';
import type { Config, RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import type { Effect } from '../domain/effect.js';
import { asFailure, Failure } from '../domain/failure.js';
import { openRepository } from '../repositories/open-repository.js';
import type { PushLog } from './context.js';
import { chainNoted } from './log-chain.js';
import { createTurns } from './turns.js';

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
  /** What this process has brought to a repository already, while another one still lacks it. */
  const delivered = new Map<string, Set<string>>();
  return async (deployment, effect) => {
    const config = await loadConfig();
    const { digest, name } = deploymentOf(config, deployment);
    const repositories = repositoriesOf(config, deploymentOf(config, deployment));
    const host = { state, instance, effect };
    const names = await inTurn(name, () => chainNoted({ host, deployment, repositories, digest }));
    if (names.length === 0) return;
    const done = repositories.map((settings) => {
      const known = delivered.get(`${name} ${settings.name}`) ?? new Set<string>();
      delivered.set(`${name} ${settings.name}`, known);
      return { settings, known };
    });
    await Promise.all(
      done.map(({ settings, known }) =>
        inTurn(`${name} ${settings.name}`, () => deliver({ settings, known, names }, deployment, host)),
      ),
    );
    for (const entry of names.filter((one) => done.every(({ known }) => known.has(one)))) {
      await effect('clear the log entry from the outbox', () =>
        rm(join(outboxFolder(state, deployment), entry), { force: true }),
      );
      for (const { known } of done) known.delete(entry);
    }
  };
};

interface Delivery {
  settings: RepositorySettings;
  names: readonly string[];
  /** Gets the names of those that are there. */
  known: Set<string>;
}

/** One that is refused for itself keeps none of the others; a repository that does not answer is asked a minute later. */
const deliver = async (
  { settings, names, known }: Delivery,
  deployment: string,
  { state, effect }: { state: string; effect: Effect },
): Promise<void> => {
  const repository = openRepository(settings);
  for (const name of names.filter((one) => !known.has(one))) {
    const bytes = await readOutbox(state, deployment, name);
    if (bytes === null) continue;
    try {
      await repository.put(`${logFolderIn(deployment)}/${name}`, bytes, effect);
      known.add(name);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (asFailure(error).code !== 'OPERATION_LOST') return;
    }
  }
};
