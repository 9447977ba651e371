// holdfast prune: retention and leftovers now, not only after the next backup. With --dry-run it reads repositories and state
// alone, and says what would go.

import type { RepositoryRetention } from '../catalog/retention.js';
import type { Config } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { asFailure, Failure } from '../domain/failure.js';
import { parsePruneRequest } from '../domain/prune.js';
import { knownInstance } from '../operations/agent/instance.js';
import { planPrune } from '../operations/prune/plan-prune.js';
import { sweepLeftovers } from '../operations/prune/sweep-leftovers.js';
import { follow } from './follow.js';
import { type CommonOptions, checkedInput, configOf, deploymentsOf } from './input.js';
import { reportResult } from './outcome.js';
import type { Output } from './output.js';
import { type PlannedRepository, plannedLines } from './render/prune.js';
import { withSession } from './session.js';
import { startPrune } from './start-run.js';

export interface PruneOptions extends CommonOptions {
  dryRun?: true;
  force?: true;
  dropTier?: string;
}

export const prune = async (
  deployment: string | undefined,
  { dryRun, force, dropTier, ...options }: PruneOptions,
  output: Output,
): Promise<number> => {
  const config = await configOf(options);
  if (deployment !== undefined) deploymentOf(config, deployment);
  const request = checkedInput('prune', () => parsePruneRequest({ deployment, dryRun, force, dropTier }));
  if (request.dryRun) return showPlan(config, { deployment, dropTier: request.dropTier }, output);
  return withSession(config, output, async (session) => {
    const ended = await follow(await startPrune(session, request), output);
    return ended.end === 'result' ? reportResult(session, 'prune', ended.result) : 0;
  });
};

interface Asked {
  deployment: string | undefined;
  dropTier: string | null;
}

/** Exit code 0 whatever it finds: nothing was asked of it but to look. */
const showPlan = async (config: Config, { deployment, dropTier }: Asked, output: Output): Promise<number> => {
  const now = new Date();
  const planned: PlannedRepository[] = [];
  for (const { name } of deploymentsOf(config, deployment)) {
    const plans = await planPrune(config, { deployment: name, dropTier, now });
    planned.push(...(await Promise.all(plans.map((plan) => plannedIn(config, { name, plan, now })))));
  }
  if (output.json) output.answerJson(planned);
  else output.answer(plannedLines(planned).join('\n'));
  return 0;
};

const plannedIn = async (
  config: Config,
  { name, plan, now }: { name: string; plan: RepositoryRetention; now: Date },
): Promise<PlannedRepository> => {
  const { settings, retention, bytes } = plan;
  const place = { deployment: name, repository: settings.name };
  if (retention instanceof Failure)
    return { ...place, backups: [], leftovers: [], stop: '', problem: retention.message };
  return {
    ...place,
    backups: retention.verdicts.map(({ backup, keptBy, reason }) => ({
      ...{ backup, keep: keptBy !== null, keptBy, reason, bytes: bytes.get(backup) ?? 0 },
    })),
    stop: retention.stop,
    ...(await leftoversIn(config, { ...place, now })),
  };
};

/** Nothing goes where another host writes. */
const leftoversIn = async (
  config: Config,
  place: { deployment: string; repository: string; now: Date },
): Promise<Pick<PlannedRepository, 'leftovers' | 'problem'>> => {
  const instance = (await knownInstance(config.state)) ?? '';
  const host = { state: config.state, instance, effect: nothing };
  try {
    const found = await sweepLeftovers(config, { ...place, dryRun: true }, host);
    return { leftovers: found.map(({ key, reason }) => ({ key, reason })), problem: '' };
  } catch (error) {
    return { leftovers: [], problem: asFailure(error).message };
  }
};

const nothing = (): never => {
  throw new Error('a dry run changes nothing');
};
