// All repositories as one list. Reads repositories alone: Temporal may be down or gone.
import type { Config, Deployment, RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { asFailure, Failure } from '../domain/failure.js';
import type { Manifest } from '../domain/manifest.js';
import { isBackupId } from '../domain/names.js';
import { openRepository } from '../repositories/open-repository.js';
import { MANIFEST_NAME, manifestKey, parseManifest } from './manifest-file.js';

export interface CatalogEntry {
  deployment: string;
  id: string;
  /** null: it cannot be read, and `problem` says why. */
  manifest: Manifest | null;
  problem: string;
  /** Names of the repositories that hold it. */
  repositories: string[];
  /** Stored bytes of its artifacts in one repository. */
  bytes: number;
}

/** Newest first; one entry a backup, whichever repositories hold it. */
export const listBackups = async (
  config: Config,
  filter: { deployment?: string; repository?: string } = {},
): Promise<CatalogEntry[]> => {
  const deployments =
    filter.deployment === undefined
      ? Object.values(config.deployments)
      : [deploymentOf(config, filter.deployment)];
  const entries: CatalogEntry[] = [];
  for (const deployment of deployments) {
    const found = new Map<string, CatalogEntry>();
    for (const settings of repositoriesOf(config, deployment, filter.repository)) {
      for (const entry of await backupsIn(settings, deployment.name)) merge(found, entry);
    }
    entries.push(...found.values());
  }
  return entries.sort((a, b) => (a.id < b.id ? 1 : a.id > b.id ? -1 : 0));
};

/** @param id a backup's id or any unique start of it, or `latest` */
export const findBackup = async (
  config: Config,
  { deployment, id, repository }: { deployment: string; id: string; repository?: string },
): Promise<CatalogEntry> => {
  const all = await listBackups(config, { deployment, ...(repository === undefined ? {} : { repository }) });
  if (id === 'latest') return newestReadable(all, deployment);
  const matching = all.filter((entry) => entry.id.startsWith(id));
  const exact = matching.find((entry) => entry.id === id) ?? matching[0];
  if (exact === undefined) throw unknown(deployment, id, all);
  if (matching.length > 1 && exact.id !== id) throw ambiguous(id, matching);
  return exact;
};

/** The manifest, or the reason why it cannot be read as a Failure. */
export const readManifest = async (
  settings: RepositorySettings,
  deployment: string,
  backup: string,
): Promise<Manifest> => {
  const bytes = await openRepository(settings).get(manifestKey(deployment, backup));
  if (bytes === null) throw new Failure('UNKNOWN_BACKUP', `there is no backup ${backup} of ${deployment}`);
  return parseManifest(bytes, deployment, backup);
};

export const repositoriesOf = (
  config: Config,
  deployment: Deployment,
  only?: string,
): RepositorySettings[] => {
  const names = only === undefined ? deployment.repositories : [only];
  return names.map((name) => {
    const settings = config.repositories[name];
    if (settings !== undefined) return settings;
    throw new Failure('INPUT_INVALID', `there is no repository ${name}`, {
      hint: `name one of: ${Object.keys(config.repositories).join(', ')}`,
    });
  });
};

const backupsIn = async (settings: RepositorySettings, deployment: string): Promise<CatalogEntry[]> => {
  const objects = await openRepository(settings).list(deployment);
  const ids = objects
    .map(({ key }) => key.split('/'))
    .filter((parts) => parts.length === 3 && parts[2] === MANIFEST_NAME && isBackupId(parts[1]))
    .map((parts) => parts[1] ?? '');
  return Promise.all(ids.map((id) => readEntry(settings, deployment, id)));
};

const readEntry = async (
  settings: RepositorySettings,
  deployment: string,
  id: string,
): Promise<CatalogEntry> => {
  const entry = { deployment, id, repositories: [settings.name] };
  try {
    const manifest = await readManifest(settings, deployment, id);
    const bytes = manifest.artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
    return { ...entry, manifest, problem: '', bytes };
  } catch (error) {
    return { ...entry, manifest: null, problem: asFailure(error).message, bytes: 0 };
  }
};

const merge = (found: Map<string, CatalogEntry>, entry: CatalogEntry): void => {
  const known = found.get(entry.id);
  if (known === undefined) found.set(entry.id, entry);
  else {
    const readable = known.manifest === null ? entry : known;
    found.set(entry.id, { ...readable, repositories: [...known.repositories, ...entry.repositories] });
  }
};

const newestReadable = (all: readonly CatalogEntry[], deployment: string): CatalogEntry => {
  const newest = all.find((entry) => entry.manifest !== null);
  if (newest !== undefined) return newest;
  throw new Failure('UNKNOWN_BACKUP', `there is no backup of ${deployment} that can be read`, {
    hint: `make one: holdfast backup ${deployment}`,
  });
};

const unknown = (deployment: string, id: string, all: readonly CatalogEntry[]): Failure => {
  const newest = all.slice(0, 3).map((entry) => entry.id);
  return new Failure('UNKNOWN_BACKUP', `there is no backup ${id} of ${deployment}`, {
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
