// What `prune` would sweep, without sweeping it.
import type { Answering } from '../../catalog/answering.js';
import type { RepositoryFacts } from '../../catalog/retention-facts.js';
import type { Config } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import { openRepository } from '../../repositories/open-repository.js';
import { knownInstance } from '../agent/instance.js';
import { sweepRepository } from '../prune/sweep-leftovers.js';
import type { DeploymentStatus } from './status.js';

export interface LeftoversAsked {
  deployment: string;
  repositories: readonly RepositoryFacts[];
  now: Date;
}

/** None where another host writes, and none of a repository that does not answer. */
export const findLeftovers = async (
  config: Config,
  { deployment, repositories, now }: LeftoversAsked,
  answering: Answering,
): Promise<DeploymentStatus['leftovers']> => {
  const host = { state: config.state, instance: (await knownInstance(config.state)) ?? '', effect: nothing };
  const answered = repositories.filter(({ backups }) => !(backups instanceof Failure));
  const known = new Set(answered.flatMap(({ stored }) => stored.map(({ id }) => id)));
  const offline = answered.length < repositories.length;
  const found = await Promise.all(
    answered.map(async ({ settings }) => {
      const order = { deployment, repository: settings.name, now, dryRun: true };
      const facts = { order, known, offline };
      const sweep = () => sweepRepository(openRepository(settings), facts, host);
      const left = await answering(settings, sweep).catch(() => []);
      return left.map(({ key, reason }) => ({ repository: settings.name, key, reason }));
    }),
  );
  return found.flat();
};

const nothing = (): never => {
  throw new Error('who only looks changes nothing');
};
