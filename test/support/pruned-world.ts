// Two local repositories with nightly backups, a configuration with tiers, and an agent that prunes them.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { claimOwnership } from '../../src/catalog/owner.js';
import type { RepositorySettings } from '../../src/config/config.js';
import { loadConfig } from '../../src/config/load.js';
import { type Effect, runEffect } from '../../src/domain/effect.js';
import { createFence } from '../../src/operations/agent/fence.js';
import { instanceId } from '../../src/operations/agent/instance.js';
import { readNoted } from '../../src/operations/log/log-chain.js';
import { pruneRepository } from '../../src/operations/prune/prune-repository.js';
import { sweepLeftovers } from '../../src/operations/prune/sweep-leftovers.js';
import { openRepository } from '../../src/repositories/open-repository.js';
import { places, SIGNING_KEY, storeBackup } from './stored-backup.js';

export const night = (day: number): string => `202603${String(day).padStart(2, '0')}T010000Z-full-0001`;
const moment = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T01:00:00.000Z`;

const NOW = new Date('2026-03-20T12:00:00Z');
const DAILY = 'daily: { keep: { local: 3, offsite: 4 } }';

/** @param tiers in holdfast.yaml's words */
export const prunedWorld = async (tiers = DAILY) => {
  const { folder, state, local, offsite } = await places();
  const file = join(folder, 'holdfast.yaml');
  await mkdir(state, { mode: 0o700 });
  await writeFile(
    file,
    `state: ${state}
timezone: Europe/Zurich
trust: ["${SIGNING_KEY.publicKey}"]
repositories: { local: { local: ${local.path} }, offsite: { local: ${offsite.path} } }
deployments: { edms: { files: { storage: ${folder}/storage }, tiers: { ${tiers} } } }
`,
    { mode: 0o600 },
  );
  const config = await loadConfig({ file });
  const instance = await instanceId(state);
  const host = (effect: Effect = runEffect) => ({ state, instance, effect, fence: createFence() });
  const order = { deployment: 'edms', force: false, dropTier: null, now: NOW };
  return {
    ...{ folder, file, state, local, offsite, config, instance, host },
    /** Instead of the folder of this name. */
    put: async (settings: RepositorySettings) => {
      Object.assign(config.repositories, { [settings.name]: settings });
      await claimOwnership(openRepository(settings), { deployment: 'edms', instance }, runEffect);
    },
    claim: async (...names: ('local' | 'offsite')[]) => {
      for (const settings of [local, offsite].filter(({ name }) => names.some((one) => one === name)))
        await claimOwnership(openRepository(settings), { deployment: 'edms', instance }, runEffect);
    },
    store: async (settings: RepositorySettings, days: readonly number[]) => {
      for (const day of days)
        await storeBackup(settings, [100, 5], night(day), {
          ...{ tiers: ['daily'], startedAt: moment(day), scheduledFor: moment(day) },
        });
    },
    prune: (repository = 'local', given: { effect?: Effect; force?: boolean; now?: Date } = {}) =>
      pruneRepository(
        config,
        { ...order, ...given, repository },
        { host: host(given.effect), signal: new AbortController().signal },
      ),
    sweep: (repository = 'local', now = NOW) =>
      sweepLeftovers(config, { deployment: 'edms', repository, now, dryRun: false }, host()),
    /** Folders of backups, with a manifest or without. */
    held: async (settings = local) =>
      (await readdir(join(settings.path, 'edms'))).filter((name) => name.includes('-full-')).sort(),
    /** Lines of the log about what went. */
    told: async () =>
      (await readNoted(state, 'edms')).flatMap(({ kind, facts: { removed } }) =>
        kind === 'prune' && Array.isArray(removed) ? removed : [],
      ),
  };
};
