// Did it work? The whole page: every deployment, or one, and the host around them.

import type { Answering } from '../../catalog/answering.js';
import { repositoriesOf } from '../../catalog/catalog.js';
import { rememberedLast } from '../../catalog/log-place.js';
import type { Config, RepositorySettings } from '../../config/config.js';
import { tierMoments } from '../../config/tier-moments.js';
import { asFailure } from '../../domain/failure.js';
import { openRepository } from '../../repositories/open-repository.js';
import { isLocked, lockHolder } from '../agent/agent-lock.js';
import { readNotifiers } from '../notify/notifier-state.js';
import { readTroubles, type Trouble } from '../notify/troubles.js';
import { stateRoom } from '../state-room.js';
import { limitedAnswers } from './limited-answers.js';
import { openTroubles } from './open-troubles.js';
import { readDeployment } from './read-deployment.js';
import type { AgentStatus, RepositoryStatus, Status } from './status.js';

export interface StatusAsked {
  /** Names. */
  deployments: readonly string[];
  now: Date;
  answering?: Answering;
}

/** Reads repositories and the state folder alone: Temporal may be down or gone. */
export const readStatus = async (config: Config, asked: StatusAsked): Promise<Status> => {
  const { deployments: names, now } = asked;
  const answering = asked.answering ?? limitedAnswers((repository) => isExpected(config, repository));
  const agent = await readAgent(config.state);
  const momentOf = tierMoments(config.timezone);
  const [state, repositories, notifiers, common, deployments] = await Promise.all([
    stateRoom(config.state).catch(() => null),
    Promise.all(usedBy(config, names).map((settings) => readRepository(settings, answering))),
    readNotifiers(config.state, config.notify),
    readCommonTroubles(config.state),
    Promise.all(names.map((name) => readDeployment(config, name, { now, agent, answering, momentOf }))),
  ]);
  return {
    ...{ at: now.toISOString(), timezone: config.timezone, agent, state, repositories, notifiers },
    troubles: commonTroubles(common.troubles, { deployments, now }),
    unreadable: common.unreadable,
    deployments,
  };
};

const readCommonTroubles = async (state: string): Promise<Pick<Status, 'troubles' | 'unreadable'>> => {
  try {
    return { troubles: await readTroubles(state, ''), unreadable: [] };
  } catch (error) {
    const { message, hint } = asFailure(error);
    return { troubles: [], unreadable: [{ message, hint }] };
  }
};

/** Damage is said where it is. */
const commonTroubles = (
  troubles: readonly Trouble[],
  { deployments, now }: { deployments: Status['deployments']; now: Date },
): Trouble[] => {
  const copies = deployments.flatMap((one) => one.copies);
  const facts = { routine: undefined, successes: [], proof: null, copies, now };
  // Another run without a deployment is one whose input nobody understood.
  return openTroubles(
    troubles.filter(({ what }) => what === 'verify' || what === 'prune'),
    facts,
  );
};

const readAgent = async (state: string): Promise<AgentStatus> => {
  const running = await isLocked(state, 'agent');
  return { running, process: running ? await lockHolder(state, 'agent') : null };
};

const usedBy = (config: Config, names: readonly string[]): RepositorySettings[] => {
  const used = names.flatMap((name) => {
    const deployment = config.deployments[name];
    return deployment === undefined ? [] : repositoriesOf(config, deployment);
  });
  return [...new Set(used)];
};

const readRepository = async (
  settings: RepositorySettings,
  answering: Answering,
): Promise<RepositoryStatus> => {
  const { name: repository, kind } = settings;
  try {
    const freeBytes = await answering(settings, async () =>
      kind === 'local' ? await openRepository(settings).freeBytes() : null,
    );
    return { repository, kind, problem: '', freeBytes };
  } catch (error) {
    return { repository, kind, problem: asFailure(error).message, freeBytes: null };
  }
};

/** Where the log has begun, something lies in each of the deployment's repositories. */
const isExpected = async ({ deployments, state }: Config, repository: string): Promise<boolean> => {
  const users = Object.values(deployments).filter(({ repositories }) => repositories.includes(repository));
  const last = await Promise.all(users.map(({ name }) => rememberedLast(state, name)));
  return last.some((entry) => entry !== null);
};
