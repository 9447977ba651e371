// The backups of one deployment in one repository: those whose manifest is there, readable or not.
import type { RepositorySettings } from '../config/config.js';
import { asFailure } from '../domain/failure.js';
import { isBackupId } from '../domain/names.js';
import type { Trust } from '../domain/signature.js';
import { mapLimited } from '../files/limited.js';
import { openRepository } from '../repositories/open-repository.js';
import type { ObjectInfo, Repository } from '../repositories/repository.js';
import { isCached, type ManifestCache, readCache, writeCache } from './cache.js';
import { MANIFEST_NAME } from './manifest-file.js';
import { signedManifestIn } from './signed-manifest.js';
import { type BackupSummary, summaryOf } from './summary.js';
import { cacheTravels, readTravelling, WORTH_IT } from './travelling-cache.js';
import { requireNotVanished } from './vanished.js';

export interface HeldBackup {
  id: string;
  /** Its manifest. */
  object: ObjectInfo;
  /** null: its manifest cannot be read, and `problem` says why. */
  summary: BackupSummary | null;
  problem: string;
  /** The key that signed it, whoever trusts it; empty: nobody did. */
  signedBy: string;
}

export interface Looking {
  /** The state folder, where summaries are remembered. */
  state: string;
  /** Whose summaries are believed. */
  trust: Trust;
}

/** Failure when the repository does not answer, or has lost everything. */
export const backupsIn = async (
  repository: RepositorySettings,
  deployment: string,
  { state, trust }: Looking,
): Promise<HeldBackup[]> => {
  const place = { state, repository, deployment };
  const opened = openRepository(repository);
  const [objects, cache] = await Promise.all([opened.list(deployment, MANIFEST_NAME), readCache(place)]);
  const manifests = objects.flatMap((object) => {
    const [, id, name, ...deeper] = object.key.split('/');
    return name === MANIFEST_NAME && deeper.length === 0 && isBackupId(id) ? [{ id, object }] : [];
  });
  if (manifests.length === 0 && cache.size > 0) await requireNotVanished(place);
  const known = rememberedIn(cache, manifests);
  const travelled =
    cacheTravels(repository) && known.others.length >= WORTH_IT
      ? rememberedIn(await readTravelling({ repository: opened, deployment }, trust), known.others)
      : { held: [], others: known.others };
  const read = await mapLimited(travelled.others, READ_AT_ONCE[repository.kind], ({ id, object }) =>
    readHeld({ repository: opened, deployment, id }, object),
  );
  const held = [...known.held, ...travelled.held, ...read.filter((one) => one !== null)];
  if (held.length > known.held.length || known.held.length < cache.size)
    await writeCache(place, cacheOf(held));
  return held;
};

interface Listed {
  id: string;
  /** Its manifest. */
  object: ObjectInfo;
}

/** What need not be read, and what has to be. */
const rememberedIn = (
  cache: ManifestCache,
  listed: readonly Listed[],
): { held: HeldBackup[]; others: Listed[] } => {
  const held: HeldBackup[] = [];
  const others: Listed[] = [];
  for (const one of listed) {
    const cached = cache.get(one.id);
    if (!isCached(cached, one.object)) others.push(one);
    else held.push({ ...one, summary: cached.summary, problem: '', signedBy: cached.signedBy });
  }
  return { held, others };
};

/**
 * Backups, of two objects each. A process may have a thousand files open; a bucket answers after a while, but many at a time;
 * of the others each object is a program.
 */
export const READ_AT_ONCE: Record<RepositorySettings['kind'], number> = {
  local: 16,
  s3: 24,
  rclone: 4,
  restic: 2,
};

interface Wanted {
  repository: Repository;
  deployment: string;
  id: string;
}

/** null: it was removed just now. Failure when the repository went away meanwhile: that says nothing of the backup. */
const readHeld = async (
  { repository, deployment, id }: Wanted,
  object: ObjectInfo,
): Promise<HeldBackup | null> => {
  try {
    const wanted = { deployment, backup: id };
    const { manifest, signer } = await signedManifestIn(repository, wanted, ANYBODY);
    return { id, object, summary: summaryOf(manifest), problem: '', signedBy: signer.key };
  } catch (error) {
    const { code, message } = asFailure(error);
    if (code === 'UNKNOWN_BACKUP') return null;
    if (!ABOUT_THE_MANIFEST.has(code)) throw error;
    return { id, object, summary: null, problem: message, signedBy: '' };
  }
};

/** Whom to trust is not asked here. */
const ANYBODY = { trust: { own: null, keys: [] }, allowUnsigned: true };

const ABOUT_THE_MANIFEST = new Set<string>(['CORRUPT_MANIFEST', 'UNSUPPORTED_MANIFEST', 'CORRUPT_ARTIFACT']);

/** What cannot be read is looked at again each time: somebody may have mended it. */
const cacheOf = (held: readonly HeldBackup[]): ManifestCache =>
  new Map(
    held.flatMap(({ id, object, summary, signedBy }) =>
      summary === null
        ? []
        : [
            [
              id,
              { bytes: object.bytes, modifiedAt: object.modifiedAt.getTime(), signedBy, summary },
            ] as const,
          ],
    ),
  );
