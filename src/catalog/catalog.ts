// All repositories as one list. Reads repositories alone: Temporal may be down or gone.
import type { Config } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { asFailure, Failure } from '../domain/failure.js';
import { SAFETY_TIER } from '../domain/names.js';
import {
  type Catalog,
  type CatalogEntry,
  type CatalogFilter,
  readCatalog,
  repositoriesOf,
} from './list-backups.js';
import { readSignedManifest, type SignedManifest } from './signed-manifest.js';
import { trustOf } from './signing-key.js';

export { type CatalogEntry, readCatalog, repositoriesOf } from './list-backups.js';
export { readManifest } from './manifest-file.js';

/** Newest first, as far as repositories answer. */
export const listBackups = async (config: Config, filter: CatalogFilter = {}): Promise<CatalogEntry[]> =>
  (await readCatalog(config, filter)).backups;

/**
 * The first copy of its manifest that can be read and is as it was signed, whoever has signed it: to look at, not to restore.
 * Failure of the last one when none can.
 */
export const signedManifestOf = async (
  config: Config,
  { deployment, id, repositories }: CatalogEntry,
): Promise<SignedManifest> => {
  // Whoever only looks may not own the state folder.
  const trust = await trustOf(config).catch(() => ({ own: null, keys: config.trust }));
  const verifying = { trust, allowUnsigned: true };
  let failure = new Failure('UNKNOWN_BACKUP', `no repository holds ${id}`);
  for (const name of repositories) {
    try {
      const [settings] = repositoriesOf(config, deploymentOf(config, deployment), name);
      if (settings !== undefined)
        return await readSignedManifest(settings, { deployment, backup: id }, verifying);
    } catch (error) {
      failure = asFailure(error);
    }
  }
  throw failure;
};

/** @param id a backup's id or any unique start of it, or `latest`, which no safety backup is */
export const findBackup = async (
  config: Config,
  { deployment, id, repository }: { deployment: string; id: string; repository?: string },
): Promise<CatalogEntry> => {
  const catalog = await readCatalog(config, {
    deployment,
    ...(repository === undefined ? {} : { repository }),
  });
  const all = catalog.backups;
  if (id === 'latest') return newestReadable(catalog, deployment);
  const matching = id === '' ? [] : all.filter((entry) => entry.id.startsWith(id));
  const exact = matching.find((entry) => entry.id === id) ?? matching[0];
  if (exact === undefined) throw unknown(deployment, id, catalog);
  if (matching.length > 1 && exact.id !== id) throw ambiguous(id, matching);
  return exact;
};

const newestReadable = (catalog: Catalog, deployment: string): CatalogEntry => {
  const newest = catalog.backups.find(
    ({ summary }) => summary !== null && !summary.tiers.includes(SAFETY_TIER),
  );
  if (newest !== undefined) return newest;
  throw new Failure(
    'UNKNOWN_BACKUP',
    `there is no backup of ${deployment} that can be read${where(catalog)}`,
    {
      hint: `make one: holdfast backup ${deployment}`,
    },
  );
};

/** What does not answer may hold it. */
const where = ({ offline }: Catalog): string =>
  offline.length === 0
    ? ''
    : `; ${offline.map(({ repository }) => repository).join(', ')} ${offline.length === 1 ? 'does' : 'do'} not answer`;

const unknown = (deployment: string, id: string, catalog: Catalog): Failure => {
  const newest = catalog.backups.slice(0, 3).map((entry) => entry.id);
  return new Failure('UNKNOWN_BACKUP', `there is no backup ${id} of ${deployment}${where(catalog)}`, {
    hint:
      newest.length === 0
        ? `make one: holdfast backup ${deployment}`
        : `the newest ones are ${newest.join(', ')}`,
  });
};

const ambiguous = (id: string, matching: readonly CatalogEntry[]): Failure =>
  new Failure('UNKNOWN_BACKUP', `${id} is the start of ${matching.length} backups`, {
    hint: `give more of it: ${matching
      .slice(0, 5)
      .map((entry) => entry.id)
      .join(', ')}`,
  });
