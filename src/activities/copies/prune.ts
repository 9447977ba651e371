// Steps of `prune`: which repositories there are, and for each what goes, what interrupted runs left, and what that frees.
import { repositoriesOf } from '../../catalog/catalog.js';
import type { Config } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import { asFailure, Failure } from '../../domain/failure.js';
import { fitting } from '../../domain/findings.js';
import type { PrunedRepository, PruneRequest, PruneStep } from '../../domain/prune.js';
import { planPrune, requireUnknownTier } from '../../operations/prune/plan-prune.js';
import { pruneRepository as prune } from '../../operations/prune/prune-repository.js';
import { sweepLeftovers as sweep } from '../../operations/prune/sweep-leftovers.js';
import { type Attempt, lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';

export interface PruneInput {
  request: PruneRequest & { deployment: string };
}

/** Names of the deployment's repositories. Failure INPUT_INVALID where the request does not fit its configuration. */
export const listRepositoriesToPrune = (dependencies: Dependencies) =>
  lookingActivity(dependencies, async ({ request }: PruneInput): Promise<string[]> => {
    const config = await dependencies.loadConfig();
    requireUnknownTier(config, request.deployment, request.dropTier);
    return repositoriesOf(config, deploymentOf(config, request.deployment)).map(({ name }) => name);
  });

export interface PruneRepositoryInput extends PruneInput {
  repository: string;
}

/** A payload stays under 4 kB. */
const MOST_BYTES = 2_500;

export const pruneRepository = (dependencies: Dependencies) =>
  inTurn(dependencies, async (input: PruneRepositoryInput, config, { host, signal }): Promise<PruneStep> => {
    const { request, repository } = input;
    if (request.dryRun) return planned(config, input);
    try {
      const order = { ...request, repository, now: new Date() };
      const { removed, kept, problems } = await prune(config, order, { host, signal });
      const pruned: PrunedRepository = {
        ...untouched(input),
        ...{ state: problems.length === 0 ? 'pruned' : 'failed', removed: removed.length, kept },
        bytes: removed.reduce((sum, { bytes }) => sum + bytes, 0),
        problem: problems[0] ?? '',
      };
      return stepOf(pruned, removed);
    } catch (error) {
      return { pruned: refused(input, error), lines: [] };
    }
  });

/** How many were there. Leftovers are nobody's backups: they go whatever retention says. */
export const sweepRepository = (dependencies: Dependencies) =>
  inTurn(
    dependencies,
    async ({ request, repository }: PruneRepositoryInput, config, { host }): Promise<number> => {
      const { deployment, dryRun } = request;
      return (await sweep(config, { deployment, repository, now: new Date(), dryRun }, host)).length;
    },
  );

/** One at a time in each repository; and not beside a copy where each wants it for itself. */
const inTurn = <I extends PruneRepositoryInput, O>(
  dependencies: Dependencies,
  act: (input: I, config: Config, attempt: Attempt) => Promise<O>,
) =>
  lookingActivity(dependencies, async (input: I, attempt): Promise<O> => {
    const config = await dependencies.loadConfig();
    const { copyTurns } = dependencies;
    const { repository } = input;
    const turn = () => act(input, config, attempt);
    return copyTurns.take(`prune of ${repository}`, attempt.signal, () =>
      config.repositories[repository]?.kind === 'restic'
        ? copyTurns.take(repository, attempt.signal, turn)
        : turn(),
    );
  });

const planned = async (config: Config, input: PruneRepositoryInput): Promise<PruneStep> => {
  const { deployment, dropTier } = input.request;
  const plans = await planPrune(config, { deployment, dropTier, now: new Date() });
  const plan = plans.find(({ settings }) => settings.name === input.repository);
  if (plan === undefined || plan.retention instanceof Failure)
    throw plan?.retention ?? new Failure('INPUT_INVALID', `there is no repository ${input.repository}`);
  const { verdicts, stop } = plan.retention;
  const going = verdicts.filter(({ keptBy }) => keptBy === null);
  const stopped = stop !== '' && !input.request.force;
  const pruned: PrunedRepository = {
    ...untouched(input),
    ...{ state: stopped ? 'stopped' : 'planned', problem: stopped ? stop : '' },
    ...{ removed: going.length, kept: verdicts.length - going.length },
    bytes: going.reduce((sum, { backup }) => sum + (plan.bytes.get(backup) ?? 0), 0),
  };
  return stepOf(pruned, going);
};

const stepOf = (
  pruned: PrunedRepository,
  going: readonly { backup: string; reason: string }[],
): PruneStep => ({
  pruned,
  lines: fitting(
    going.map(({ backup, reason }) => `${backup} in ${pruned.repository}: ${reason}`),
    MOST_BYTES,
  ).kept,
});

/** What is no misfortune, and trying again would not change. */
const refused = (input: PruneRepositoryInput, error: unknown): PrunedRepository => {
  const { code, message, hint } = asFailure(error);
  if (code !== 'NOT_OWNER' && code !== 'PRUNE_STOPPED') throw error;
  const state = code === 'NOT_OWNER' ? 'not ours' : 'stopped';
  return { ...untouched(input), state, problem: message, hint };
};

const untouched = ({ request, repository }: PruneRepositoryInput): PrunedRepository => ({
  ...{ deployment: request.deployment, repository, state: 'pruned' },
  ...{ removed: 0, bytes: 0, kept: 0, leftovers: 0, problem: '', hint: '' },
});
