// What `prune` would sweep, without sweeping it.
import type { Answering } from '../../catalog/answering.js';
import type { RepositoryRetention } from '../../catalog/retention.js';
import type { Config } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import { knownInstance } from '../agent/instance.js';
import { sweepLeftovers } from '../prune/sweep-leftovers.js';
import type { DeploymentStatus } from './status.js';

export interface LeftoversAsked {
  deployment: string;
  plans: readonly RepositoryRetention[];
  now: Date;
}

/** None where another host writes, and none of a repository that does not answer. */
export const findLeftovers = async (
  config: Config,
  { deployment, plans, now }: LeftoversAsked,
  answering: Answering,
): Promise<DeploymentStatus['leftovers']> => {
  const host = { state: config.state, instance: (await knownInstance(config.state)) ?? '', effect: nothing };
  const answered = plans.filter(({ retention }) => !(retention instanceof Failure));
  const found = await Promise.all(
    answered.map(async ({ settings }) => {
      const order = { deployment, repository: settings.name, now, plans, dryRun: true };
      const left = await answering(settings, () => sweepLeftovers(config, order, host)).catch(() => []);
      return left.map(({ key, reason }) => ({ repository: settings.name, key, reason }));
    }),
  );
  return found.flat();
};

const nothing = (): never => {
  throw new Error('who only looks changes nothing');
};
