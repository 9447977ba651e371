// The backups of one deployment in one repository: those whose manifest is there, readable or not.
import type { RepositorySettings } from '../config/config.js';
import { asFailure } from '../domain/failure.js';
import { isBackupId } from '../domain/names.js';
import { mapLimited } from '../files/limited.js';
import { openRepository } from '../repositories/open-repository.js';
import type { ObjectInfo } from '../repositories/repository.js';
import { type CachedManifest, isCached, type ManifestCache, readCache, writeCache } from './cache.js';
import { MANIFEST_NAME, readManifest } from './manifest-file.js';
import { type BackupSummary, summaryOf } from './summary.js';

export interface HeldBackup {
  id: string;
  /** null: its manifest cannot be read, and `problem` says why. */
  summary: BackupSummary | null;
  problem: string;
}

/** Failure when the repository does not answer. @param state the state folder, where summaries are remembered */
export const backupsIn = async (
  repository: RepositorySettings,
  deployment: string,
  state: string,
): Promise<HeldBackup[]> => {
  const place = { state, repository, deployment };
  const [objects, cache] = await Promise.all([
    openRepository(repository).list(deployment, MANIFEST_NAME),
    readCache(place),
  ]);
  const manifests = objects.flatMap((object) => {
    const [, id, name, ...deeper] = object.key.split('/');
    return name === MANIFEST_NAME && deeper.length === 0 && isBackupId(id) ? [{ id, object }] : [];
  });
  const held = await mapLimited(manifests, READ_AT_ONCE, ({ id, object }) =>
    readHeld({ repository, deployment, id }, object, cache.get(id)),
  );
  const there = held.filter((one) => one !== null);
  const known = remembered(manifests, there);
  if (known.size !== cache.size || [...known].some(([id, one]) => !isEqual(one, cache.get(id))))
    await writeCache(place, known);
  return there;
};

/** A process may have a thousand files open, and a backup a night for ten years is more. */
const READ_AT_ONCE = 16;

interface Wanted {
  repository: RepositorySettings;
  deployment: string;
  id: string;
}

/** null: it was removed just now. Failure when the repository went away meanwhile: that says nothing of the backup. */
const readHeld = async (
  { repository, deployment, id }: Wanted,
  object: ObjectInfo,
  cached: CachedManifest | undefined,
): Promise<HeldBackup | null> => {
  if (isCached(cached, object)) return { id, summary: cached.summary, problem: '' };
  try {
    return { id, summary: summaryOf(await readManifest(repository, deployment, id)), problem: '' };
  } catch (error) {
    const { code, message } = asFailure(error);
    if (code === 'UNKNOWN_BACKUP') return null;
    if (!ABOUT_THE_MANIFEST.has(code)) throw error;
    return { id, summary: null, problem: message };
  }
};

const ABOUT_THE_MANIFEST = new Set<string>(['CORRUPT_MANIFEST', 'UNSUPPORTED_MANIFEST', 'CORRUPT_ARTIFACT']);

/** What cannot be read is looked at again each time: somebody may have mended it. */
const remembered = (
  manifests: readonly { id: string; object: ObjectInfo }[],
  held: readonly HeldBackup[],
): ManifestCache => {
  const objects = new Map(manifests.map(({ id, object }) => [id, object]));
  return new Map(
    held.flatMap(({ id, summary }) => {
      const object = objects.get(id);
      if (summary === null || object === undefined) return [];
      return [[id, { bytes: object.bytes, modifiedAt: object.modifiedAt.getTime(), summary }] as const];
    }),
  );
};

const isEqual = (one: CachedManifest, other: CachedManifest | undefined): boolean =>
  one.bytes === other?.bytes && one.modifiedAt === other.modifiedAt;
