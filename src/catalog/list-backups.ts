// Every backup of a deployment, whichever repositories hold it; those that cannot be read are listed with the reason.
import type { Config, Deployment, RepositorySettings } from '../config/config.js';
import { deploymentOf } from '../config/load.js';
import { asFailure, Failure } from '../domain/failure.js';
import type { Manifest } from '../domain/manifest.js';
import { isBackupId } from '../domain/names.js';
import { mapLimited } from '../files/limited.js';
import { openRepository } from '../repositories/open-repository.js';
import { MANIFEST_NAME, manifestKey, parseManifest } from './manifest-file.js';

export interface CatalogEntry {
  deployment: string;
  id: string;
  /** null: it cannot be read, and `problem` says why. */
  manifest: Manifest | null;
  problem: string;
  /** Names of the repositories that hold it: while one copy can be read, only those whose copy can. */
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
    const settings = Object.hasOwn(config.repositories, name) ? config.repositories[name] : undefined;
    if (settings !== undefined) return settings;
    throw new Failure('INPUT_INVALID', `there is no repository ${name}`, {
      hint: `name one of: ${Object.keys(config.repositories).join(', ')}`,
    });
  });
};

/** A process may have a thousand files open, and a backup a night for ten years is more. */
const READ_AT_ONCE = 16;

const backupsIn = async (settings: RepositorySettings, deployment: string): Promise<CatalogEntry[]> => {
  const objects = await openRepository(settings).list(deployment);
  const ids = objects
    .map(({ key }) => key.split('/'))
    .filter((parts) => parts.length === 3 && parts[2] === MANIFEST_NAME && isBackupId(parts[1]))
    .map((parts) => parts[1] ?? '');
  const entries = await mapLimited(ids, READ_AT_ONCE, (id) => readEntry(settings, deployment, id));
  return entries.filter((entry) => entry !== null);
};

/** null: it was removed just now. */
const readEntry = async (
  settings: RepositorySettings,
  deployment: string,
  id: string,
): Promise<CatalogEntry | null> => {
  const entry = { deployment, id, repositories: [settings.name] };
  try {
    const manifest = await readManifest(settings, deployment, id);
    const bytes = manifest.artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
    return { ...entry, manifest, problem: '', bytes };
  } catch (error) {
    const { code, message } = asFailure(error);
    return code === 'UNKNOWN_BACKUP' ? null : { ...entry, manifest: null, problem: message, bytes: 0 };
  }
};

const merge = (found: Map<string, CatalogEntry>, entry: CatalogEntry): void => {
  const known = found.get(entry.id);
  const isReadable = (one: CatalogEntry) => one.manifest !== null;
  if (known === undefined || (isReadable(entry) && !isReadable(known))) found.set(entry.id, entry);
  else if (isReadable(entry) === isReadable(known)) {
    found.set(entry.id, { ...known, repositories: [...known.repositories, ...entry.repositories] });
  }
};
