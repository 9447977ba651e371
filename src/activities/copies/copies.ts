// Copies of backups: which ones are missing where, and one of them made. No operation is taken: a restore never waits.
import { Context } from '@temporalio/activity';
import { repositoriesOf } from '../../catalog/catalog.js';
import { eventId } from '../../catalog/log-object.js';
import { claimPlace } from '../../catalog/own-place.js';
import { trustOf } from '../../catalog/signing-key.js';
import { requireNotVanished } from '../../catalog/vanished.js';
import type { Config, Deployment, RepositorySettings } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import type { BackupPage } from '../../domain/copies.js';
import type { CopyRequest } from '../../domain/copy-requests.js';
import { Failure } from '../../domain/failure.js';
import type { Host } from '../../operations/context.js';
import { copyBackup as copy } from '../../operations/copies/copy-backup.js';
import { dropStaleLeases, forgetOldCopies } from '../../operations/copies/copy-lease.js';
import { copyLog } from '../../operations/copies/copy-log.js';
import { missingCopies } from '../../operations/copies/missing-copies.js';
import { noteEvent } from '../../operations/log/log.js';
import { wantedIn } from '../../operations/prune/plan-prune.js';
import { lookingActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';

/** Names of the repositories to fill: the one that is named, or all but the primary. */
export const planCopies = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async ({ request }: { request: CopyRequest }, { host }): Promise<string[]> => {
      const config = await dependencies.loadConfig();
      const deployment = deploymentOf(config, request.deployment);
      const { repositories } = deployment;
      await dropStaleLeases(host.state, { deployment: deployment.name, repositories }, host.effect);
      const targets = request.to === null ? repositories.slice(1) : [request.to];
      for (const to of targets) partiesOf(config, deployment, { ...request, to });
      return targets;
    },
  );

export interface MissingCopiesInput {
  request: CopyRequest;
  to: string;
  /** A backup's id: only older ones. Empty: from the newest on. */
  before: string;
}

/** Thirty ids of 28 characters: a payload stays under 4 kB. */
const PAGE = 30;

export const listMissingCopies = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async ({ request, to, before }: MissingCopiesInput, { host }): Promise<BackupPage> => {
      const config = await dependencies.loadConfig();
      const deployment = deploymentOf(config, request.deployment);
      const parties = partiesOf(config, deployment, { ...request, to });
      await requireNotVanished({ state: config.state, repository: parties.to, deployment: deployment.name });
      const all = await missingCopies(deployment.name, parties);
      if (before === '') await copyLog(deployment.name, parties, host.effect);
      if (request.from === null)
        await forgetOldCopies(host.state, { deployment: deployment.name, to, wanted: all }, host);
      // What is asked for by its id is copied, whatever that repository keeps.
      const isAsked =
        request.backup === null ? await wantedIn(config, deployment.name, to) : isOne(request.backup);
      return pageOf(all.filter(isAsked), before);
    },
  );

const isOne =
  (wanted: string) =>
  (id: string): boolean =>
    id === wanted;

export const pageOf = (ids: readonly string[], before: string): BackupPage => {
  const left = ids.filter((id) => before === '' || id < before);
  return { backups: left.slice(0, PAGE), more: left.length > PAGE };
};

export interface CopyBackupInput {
  request: CopyRequest;
  backup: string;
  to: string;
}

/** Bytes that were not there before; null: the backup is gone meanwhile. One copy at a time into each repository. */
export const copyBackup = (dependencies: Dependencies) =>
  lookingActivity(
    dependencies,
    async ({ request, backup, to }: CopyBackupInput, { host, signal, report }): Promise<number | null> => {
      const config = await dependencies.loadConfig();
      const deployment = deploymentOf(config, request.deployment);
      const parties = partiesOf(config, deployment, { ...request, to });
      const { stallTimeoutMs } = deployment;
      return dependencies.copyTurns.take(to, signal, async () => {
        const claim = { deployment: deployment.name, instance: dependencies.instance };
        await claimPlace({ ...claim, state: config.state, repository: parties.to }, host.effect);
        const what = { ...claim, backup, ...parties, trust: await trustOf(config) };
        const bytes = await copy(what, { host, signal, report, stallTimeoutMs });
        if (bytes !== null) await noteCopy({ deployment: deployment.name, backup, to, bytes }, host);
        return bytes;
      });
    },
  );

const noteCopy = (
  { deployment, backup, to, bytes }: { deployment: string; backup: string; to: string; bytes: number },
  host: Host,
): Promise<void> =>
  noteEvent(host, {
    ...{
      deployment,
      kind: 'copy',
      id: eventId(Context.current().info.workflowExecution?.runId ?? '', backup, to),
    },
    ...{ at: new Date().toISOString(), backup, outcome: 'copied' },
    facts: { repository: to, bytes },
  });

export interface Parties {
  from: RepositorySettings[];
  to: RepositorySettings;
}

const partiesOf = (
  config: Config,
  deployment: Deployment,
  { from, to }: { from: string | null; to: string },
): Parties => {
  const all = repositoriesOf(config, deployment);
  const named = (name: string): RepositorySettings => {
    const settings = all.find((one) => one.name === name);
    if (settings !== undefined) return settings;
    throw new Failure('INPUT_INVALID', `${name} is no repository of ${deployment.name}`, {
      hint: `name one of: ${deployment.repositories.join(', ')}`,
    });
  };
  if (from === to)
    throw new Failure('INPUT_INVALID', `${to} cannot be filled from itself`, {
      hint: 'name another repository, or none',
    });
  const target = named(to);
  return { to: target, from: from === null ? all.filter(({ name }) => name !== to) : [named(from)] };
};
