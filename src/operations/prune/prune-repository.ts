// Retention carried out in one repository. Each backup is looked at again right before it goes, so that two prunes at once, a
// restore that has just begun or an agent that was killed do no harm.
import { readCache } from '../../catalog/cache.js';
import { requireOwner } from '../../catalog/owner.js';
import type { RepositoryRetention } from '../../catalog/retention.js';
import { readSignedManifest } from '../../catalog/signed-manifest.js';
import { signingKey, trustOf } from '../../catalog/signing-key.js';
import { storeTravelling } from '../../catalog/travelling-cache.js';
import type { Config, RepositorySettings } from '../../config/config.js';
import { asFailure, Failure } from '../../domain/failure.js';
import type { FailureCode } from '../../domain/failure-codes.js';
import { heldFor } from '../../domain/retention-input.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Host } from '../context.js';
import { backupsInUse } from './in-use.js';
import { planPrune } from './plan-prune.js';
import { type Removal, type RemovalPlace, remove, settleRemovals } from './removals.js';

export interface PruneOrder {
  deployment: string;
  repository: string;
  force: boolean;
  dropTier: string | null;
  now: Date;
}

export interface Removed {
  /** Those that an interrupted prune had begun are among them. */
  removed: Removal[];
  kept: number;
  /** Why one that should go could not: one sentence each. */
  problems: string[];
}

/** Failures NOT_OWNER, PRUNE_STOPPED; REPOSITORY_UNREACHABLE and others as they come. */
export const pruneRepository = async (
  config: Config,
  order: PruneOrder,
  { host, signal }: { host: Host; signal: AbortSignal },
): Promise<Removed> => {
  const { deployment } = order;
  const plan = await planFor(config, order);
  const repository = openRepository(plan.settings);
  const place = { host, deployment, repository };
  await requireOwner(repository, { deployment, instance: host.instance });
  const before = await settleRemovals(place);
  const { verdicts, stop } = answered(plan);
  if (stop !== '' && !order.force)
    throw new Failure('PRUNE_STOPPED', `nothing is removed from ${repository.name}: ${stop}`, {
      hint: `see what would go: holdfast prune ${deployment} --dry-run; if it is meant so: --force`,
    });
  const going = verdicts
    .filter(({ keptBy }) => keptBy === null)
    .map(({ backup, reason }) => ({ backup, reason, bytes: plan.bytes.get(backup) ?? 0 }));
  const problems: string[] = [];
  // The oldest one first: whatever interrupts it, what is left has no holes.
  for (const removal of going.toReversed()) {
    signal.throwIfAborted();
    const problem = await lookAndRemove(removal, { place, plan, config });
    if (problem !== '') problems.push(`${removal.backup}: ${problem}`);
  }
  const gone = await settleRemovals(place);
  await shareSummaries(config.state, { place, settings: plan.settings, gone: [...before, ...gone] });
  return { removed: [...before, ...gone], kept: verdicts.length - gone.length, problems };
};

/** Everything was just read, and nobody else writes here. */
const shareSummaries = async (
  state: string,
  { place, settings, gone }: { place: RemovalPlace; settings: RepositorySettings; gone: readonly Removal[] },
): Promise<void> => {
  const { host, deployment } = place;
  const known = new Map(await readCache({ state, repository: settings, deployment }));
  for (const { backup } of gone) known.delete(backup);
  await storeTravelling(place, { known, key: await signingKey(state), effect: host.effect });
};

const planFor = async (config: Config, order: PruneOrder): Promise<RepositoryRetention> => {
  const plans = await planPrune(config, order);
  const plan = plans.find(({ settings }) => settings.name === order.repository);
  if (plan !== undefined) return plan;
  throw new Failure('INPUT_INVALID', `${order.repository} is no repository of ${order.deployment}`);
};

const answered = ({ retention }: RepositoryRetention) => {
  if (retention instanceof Failure) throw retention;
  return retention;
};

interface Looking {
  place: RemovalPlace;
  plan: RepositoryRetention;
  config: Config;
}

/** Why it stays; empty: it is gone, or was before. */
const lookAndRemove = async (removal: Removal, { place, plan, config }: Looking): Promise<string> => {
  const { host, deployment, repository } = place;
  const { backup } = removal;
  await requireOwner(repository, { deployment, instance: host.instance });
  try {
    const trust = await trustOf(config);
    await readSignedManifest(plan.settings, { deployment, backup }, { trust });
    const used = heldFor(await backupsInUse(host, deployment), backup);
    if (used !== undefined) return used;
    await remove(place, removal);
    return '';
  } catch (error) {
    const { code, message } = asFailure(error);
    if (code === 'UNKNOWN_BACKUP') return '';
    if (!OF_THE_BACKUP.has(code)) throw error;
    return message;
  }
};

const OF_THE_BACKUP: ReadonlySet<FailureCode> = new Set([
  'OBJECT_LOCKED',
  'CORRUPT_MANIFEST',
  'UNSUPPORTED_MANIFEST',
  'UNSIGNED',
  'NOT_TRUSTED',
]);
