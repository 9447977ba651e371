// What is in a repository and no backup: artifacts without a manifest, unfinished files and uploads, empty folders; and in the
// state folder what copies remembered of backups that nobody has now. Nothing that is young, in use, or may belong to a
// backup that another repository holds.
import { backupFolder, MANIFEST_NAME, manifestKey } from '../../catalog/manifest-file.js';
import { requireOwner } from '../../catalog/owner.js';
import type { RepositoryRetention } from '../../catalog/retention.js';
import type { Config } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import { isBackupId } from '../../domain/names.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { ObjectInfo, Repository } from '../../repositories/repository.js';
import type { Host } from '../context.js';
import { forgetCopies } from './forget-copies.js';
import { backupsInUse } from './in-use.js';
import { planPrune } from './plan-prune.js';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

export interface Leftover {
  /** Where it lies. */
  key: string;
  /** One sentence. */
  reason: string;
  /** When something last happened to it. */
  modifiedAt: Date;
}

export interface SweepOrder {
  deployment: string;
  repository: string;
  now: Date;
  /** Nothing is removed. */
  dryRun: boolean;
}

/** Gives what was removed, or would be. Failure NOT_OWNER. */
export const sweepLeftovers = async (
  config: Config,
  order: SweepOrder,
  host: Pick<Host, 'state' | 'instance' | 'effect'>,
): Promise<Leftover[]> => {
  const plans = await planPrune(config, { ...order, dropTier: null });
  const plan = plans.find(({ settings }) => settings.name === order.repository);
  if (plan === undefined) return [];
  const held = { known: knownBackups(plans), offline: isAnyOffline(plans) };
  const repository = openRepository(plan.settings);
  const swept = await sweepRepository(repository, { ...held, order }, host);
  const { deployment, repository: name, dryRun } = order;
  if (!dryRun && !held.offline) await forgetCopies({ host, deployment, repository: name, known: held.known });
  return swept;
};

export interface SweepFacts extends Pick<Sweeping, 'known' | 'offline'> {
  order: SweepOrder;
}

/** As `sweepLeftovers`, for whoever knows what the deployment's repositories hold. */
export const sweepRepository = async (
  repository: Repository,
  { order, known, offline }: SweepFacts,
  host: Sweeping['host'],
): Promise<Leftover[]> => {
  const { deployment } = order;
  const since = await requireOwner(repository, { deployment, instance: host.instance });
  const sweeping = { host, order, repository, since, known, offline };
  return [...(await sweepUnfinished(sweeping)), ...(await sweepBackups(sweeping))];
};

interface Sweeping {
  host: Pick<Host, 'state' | 'instance' | 'effect'>;
  order: SweepOrder;
  repository: Repository;
  /** What is older may have been left by another host, which had the repository before. */
  since: Date;
  /** Backups that one of the repositories holds: what lies of them here may be a copy in the making, or one that lost its manifest. */
  known: ReadonlySet<string>;
  offline: boolean;
}

const knownBackups = (plans: readonly RepositoryRetention[]): Set<string> =>
  new Set(
    plans.flatMap(({ retention }) =>
      retention instanceof Failure ? [] : retention.verdicts.map(({ backup }) => backup),
    ),
  );

const isAnyOffline = (plans: readonly RepositoryRetention[]): boolean =>
  plans.some(({ retention }) => retention instanceof Failure);

const sweepUnfinished = async (sweeping: Sweeping): Promise<Leftover[]> => {
  const { host, order, repository } = sweeping;
  const inUse = await backupsInUse(host, order.deployment);
  const swept: Leftover[] = [];
  for (const { key, words, modifiedAt, remove } of await repository.unfinished(order.deployment)) {
    if (!isOld(modifiedAt, sweeping) || inUse.has(backupIn(key))) continue;
    if (!order.dryRun) await remove(host.effect);
    swept.push({ key, reason: `${words} of an interrupted run`, modifiedAt });
  }
  return swept;
};

const sweepBackups = async (sweeping: Sweeping): Promise<Leftover[]> => {
  const { host, order, repository, known, offline } = sweeping;
  const swept: Leftover[] = [];
  for (const [backup, modifiedAt] of leftIn(await objectsOf(sweeping))) {
    const waits = offline && order.now.getTime() - modifiedAt.getTime() < WEEK_MS;
    if (known.has(backup) || waits || !isOld(modifiedAt, sweeping)) continue;
    if ((await backupsInUse(host, order.deployment)).has(backup)) continue;
    // A list may be late; the object itself is not.
    if ((await repository.get(manifestKey(order.deployment, backup))) !== null) continue;
    const key = backupFolder(order.deployment, backup);
    if (!order.dryRun) await repository.removeFolder(key, host.effect);
    swept.push({
      key,
      reason: 'it has no manifest: it never became a backup, or is one no more',
      modifiedAt,
    });
  }
  return swept;
};

/** Where folders can be named alone, those of known backups need not be looked into. */
const objectsOf = async ({ repository, order: { deployment }, known }: Sweeping): Promise<ObjectInfo[]> => {
  const names = await repository.folders?.(deployment);
  if (names === undefined) return repository.list(deployment);
  const unknown = names.filter((name) => isBackupId(name) && !known.has(name));
  return (await Promise.all(unknown.map((name) => repository.list(`${deployment}/${name}`)))).flat();
};

/** Folders of backups without a manifest, and when something was last stored there. */
const leftIn = (objects: readonly ObjectInfo[]): Map<string, Date> => {
  const complete = new Set<string>();
  const times = new Map<string, Date>();
  for (const { key, modifiedAt } of objects) {
    const [, backup = '', name] = key.split('/');
    if (!isBackupId(backup)) continue;
    if (name === MANIFEST_NAME) complete.add(backup);
    const known = times.get(backup);
    if (known === undefined || known < modifiedAt) times.set(backup, modifiedAt);
  }
  for (const backup of complete) times.delete(backup);
  return times;
};

const isOld = (modifiedAt: Date, { order, since }: Sweeping): boolean =>
  order.now.getTime() - modifiedAt.getTime() > (modifiedAt < since ? WEEK_MS : DAY_MS);

const backupIn = (key: string): string => key.split('/')[1] ?? '';
