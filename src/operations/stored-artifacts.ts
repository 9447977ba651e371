// The artifacts of a backup that an operation reads: whole, decoded, and the very ones that were stored.
import { backupFolder } from '../catalog/manifest-file.js';
import { readSignedManifest, type Verifying, type Wanted } from '../catalog/signed-manifest.js';
import type { RepositorySettings } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import type { Manifest, StoredArtifact } from '../domain/manifest.js';
import type { TransferHeartbeat } from '../domain/progress.js';
import { digestOf } from '../repositories/hash.js';
import { openRepository } from '../repositories/open-repository.js';
import type { Repository } from '../repositories/repository.js';
import { ageDecrypt } from '../tools/age.js';
import type { Command } from '../tools/command.js';
import { zstdDecompress } from '../tools/zstd.js';

export interface StoredBackup {
  manifest: Manifest;
  repository: Pick<Repository, 'name' | 'open'>;
  /** The backup's folder in the repository. */
  folder: string;
}

/** Good while the key's file is there: identity.ts. */
export interface Sources extends StoredBackup {
  /** Path of the file with the key that decrypts; null: there is none. */
  identity: string | null;
}

export const openSources = async (
  settings: RepositorySettings,
  wanted: Wanted,
  verifying: Verifying,
): Promise<StoredBackup> => ({
  manifest: (await readSignedManifest(settings, wanted, verifying)).manifest,
  repository: openRepository(settings),
  folder: backupFolder(wanted.deployment, wanted.backup),
});

/**
 * The programs that undo an artifact's transforms, last one first.
 * @param identity path of the file with the key that decrypts; null: there is none, and an encrypted artifact is KEY_MISSING
 */
export const decoders = ({ name, kind, transforms }: StoredArtifact, identity: string | null): Command[] => {
  // tar ends with the archive, and not with its input, which counts as not read when its end comes a moment later. Whatever
  // undoes a transform reads on; where nothing is to be undone, cat does.
  if (kind === 'files' && transforms.length === 0) return [{ program: 'cat', args: [] }];
  return [...transforms].reverse().map((transform) => {
    switch (transform) {
      case 'zstd':
        return zstdDecompress();
      case 'age':
        if (identity === null) throw new Failure('KEY_MISSING', `${name} is encrypted, and no key is here`);
        return ageDecrypt(identity);
      default:
        return transform satisfies never;
    }
  });
};

export interface Reading {
  signal: AbortSignal;
  report: (progress: TransferHeartbeat) => void;
}

/** Failure CORRUPT_ARTIFACT names the first one that is missing, cut or changed. */
export const checkArtifacts = async (
  repository: Pick<Repository, 'name' | 'open'>,
  folder: string,
  { artifacts, attempt }: { artifacts: readonly StoredArtifact[]; attempt: Reading },
): Promise<void> => {
  const expected = totalBytes(artifacts);
  let before = 0;
  for (const artifact of artifacts) {
    const stream = await repository.open(`${folder}/${artifact.name}`);
    const found = await digestOf(stream, (_chunk, bytes) => {
      attempt.signal.throwIfAborted();
      attempt.report({ source: artifact.name, bytes: before + bytes, expected });
    });
    requireSame(artifact, found, repository.name);
    before += artifact.bytes;
  }
};

export const totalBytes = (artifacts: readonly { bytes: number }[]): number =>
  artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);

const requireSame = (
  artifact: StoredArtifact,
  found: { bytes: number; sha256: string },
  repository: string,
): void => {
  if (found.bytes === artifact.bytes && found.sha256 === artifact.sha256) return;
  const what =
    found.bytes === artifact.bytes
      ? 'its SHA-256 is not the one that was stored'
      : `it has ${found.bytes} bytes instead of ${artifact.bytes}`;
  throw new Failure('CORRUPT_ARTIFACT', `${artifact.name} in repository ${repository} is damaged: ${what}`);
};
