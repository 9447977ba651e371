// Which repositories a copy of one backup can be read from.
import { backupFolder } from '../../catalog/manifest-file.js';
import { readSignedManifest, type SignedManifest, type Wanted } from '../../catalog/signed-manifest.js';
import type { RepositorySettings } from '../../config/config.js';
import { asFailure, type Failure } from '../../domain/failure.js';
import type { Manifest, StoredArtifact } from '../../domain/manifest.js';
import type { Trust } from '../../domain/signature.js';
import { openUnhurried } from '../../repositories/open-unhurried.js';
import type { Repository } from '../../repositories/repository.js';

export interface CopySources {
  manifest: Manifest;
  /** Manifest and signature, byte by byte. */
  signed: Pick<SignedManifest, 'bytes' | 'signature'>;
  /** Those that hold every artifact come first. */
  repositories: Repository[];
}

/** null: no repository has the backup. Failure of the first one that cannot be read, when none can. */
export const copySources = async (
  wanted: Wanted & { trust: Trust },
  from: readonly RepositorySettings[],
): Promise<CopySources | null> => {
  const failures: Failure[] = [];
  const found: { signed: SignedManifest; repository: Repository; whole: boolean }[] = [];
  for (const settings of from) {
    try {
      const repository = openUnhurried(settings);
      const signed = await readSignedManifest(settings, wanted, wanted);
      const whole = (await missingOf(repository, signed.manifest)).length === 0;
      found.push({ signed, repository, whole });
    } catch (error) {
      failures.push(asFailure(error));
    }
  }
  const best = found.toSorted((a, b) => Number(b.whole) - Number(a.whole));
  const [first] = best;
  if (first !== undefined) {
    const { signed } = first;
    return { manifest: signed.manifest, signed, repositories: best.map(({ repository }) => repository) };
  }
  const other = failures.find(({ code }) => code !== 'UNKNOWN_BACKUP');
  if (other !== undefined) throw other;
  return null;
};

/** Artifacts that are not there in their full length. */
export const missingOf = async (repository: Repository, manifest: Manifest): Promise<StoredArtifact[]> => {
  const folder = backupFolder(manifest.deployment, manifest.id);
  const there = new Map((await repository.list(folder)).map(({ key, bytes }) => [key, bytes]));
  return manifest.artifacts.filter(({ name, bytes }) => there.get(`${folder}/${name}`) !== bytes);
};
