// Reads every artifact of a backup again and compares size and SHA-256 with what was counted while it was stored.
import { backupFolder } from '../catalog/manifest-file.js';
import { Failure } from '../domain/failure.js';
import type { StoredArtifact } from '../domain/manifest.js';
import type { BackupPlan, Part } from '../domain/plans.js';
import { digestOf } from '../repositories/hash.js';
import { openRepository } from '../repositories/open-repository.js';
import type { Repository } from '../repositories/repository.js';
import { type Attempt, backupActivity } from './attempt.js';
import type { Dependencies } from './dependencies.js';
import { readPart } from './parts.js';

export interface StoredParts {
  plan: BackupPlan;
  parts: Part[];
}

export const checksumArtifacts = (dependencies: Dependencies) =>
  backupActivity(dependencies, 'checksum', async ({ plan, parts }: StoredParts, attempt) => {
    const contents = await Promise.all(parts.map((part) => readPart(attempt.scratch, part)));
    const artifacts = contents.flatMap((part) => part.artifacts);
    const repository = openRepository(attempt.record.settings.repository);
    await checkArtifacts(repository, backupFolder(plan.deployment, plan.backup), { artifacts, attempt });
    return { bytes: total(artifacts), artifacts: artifacts.length };
  });

/** Failure CORRUPT_ARTIFACT names the first one that is missing, cut or changed. */
export const checkArtifacts = async (
  repository: Repository,
  folder: string,
  { artifacts, attempt }: { artifacts: readonly StoredArtifact[]; attempt: Attempt },
): Promise<void> => {
  const expected = total(artifacts);
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

const total = (artifacts: readonly StoredArtifact[]): number =>
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
