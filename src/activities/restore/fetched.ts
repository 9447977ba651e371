// Where each artifact of a restore was found whole: its later steps read just there. Kept in the operation's scratch folder.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backupFolder, parseManifest } from '../../catalog/manifest-file.js';
import { ownTrust } from '../../catalog/signing-key.js';
import type { RepositorySettings } from '../../config/config.js';
import type { Manifest } from '../../domain/manifest.js';
import { withIdentity } from '../../operations/identity.js';
import { replaceJson } from '../../operations/state-folder.js';
import { openSources, type Sources, type StoredBackup } from '../../operations/stored-artifacts.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { OperationAttempt } from '../attempt.js';

export interface Fetched {
  manifest: Manifest;
  /** By the artifact's name. */
  places: Record<string, RepositorySettings>;
}

type Place = Pick<OperationAttempt, 'record' | 'scratch' | 'host'>;

/** What was downloaded lies there as in any other repository. */
export const downloads = (scratch: string): RepositorySettings => ({
  kind: 'local',
  name: 'downloads',
  path: join(scratch, 'fetched'),
});

export const writeFetched = (
  { scratch, host }: Pick<OperationAttempt, 'scratch' | 'host'>,
  fetched: Fetched,
): Promise<void> =>
  host.effect('note where the artifacts are', () => replaceJson(join(scratch, 'fetched.json'), fetched));

/** Whoever decodes reads them in here: the key is there as long as `use` runs. */
export const withSources = async <T>(place: Place, use: (sources: Sources) => Promise<T>): Promise<T> => {
  const { record, scratch } = place;
  const backup = await sourcesOf(place);
  const { artifacts } = backup.manifest;
  const { encryption } = record.settings;
  return withIdentity({ encryption, artifacts, folder: scratch }, (identity) => use({ ...backup, identity }));
};

export const sourcesOf = async ({ record, scratch, host }: Place): Promise<StoredBackup> => {
  const { settings, deployment, backup } = record;
  const text = await readFile(join(scratch, 'fetched.json')).catch(() => null);
  if (text === null) {
    const trust = await ownTrust(host.state);
    return openSources(settings.repository, { deployment, backup }, { trust });
  }
  const { manifest, places }: Fetched = JSON.parse(text.toString('utf8'));
  const folder = backupFolder(deployment, backup);
  return {
    manifest: parseManifest(Buffer.from(JSON.stringify(manifest)), deployment, backup),
    folder,
    repository: {
      name: settings.repository.name,
      open: (key, offset) =>
        openRepository(places[key.slice(folder.length + 1)] ?? settings.repository).open(key, offset),
    },
  };
};
