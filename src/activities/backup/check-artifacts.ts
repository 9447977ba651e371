// Reads every artifact of a backup again and compares size and SHA-256 with what was counted while it was stored; where the
// repository checks what it stores by itself, it is asked.
import { backupFolder } from '../../catalog/manifest-file.js';
import type { BackupPlan, Part } from '../../domain/plans.js';
import { checkArtifacts, totalBytes } from '../../operations/stored-artifacts.js';
import { openRepository } from '../../repositories/open-repository.js';
import { backupActivity, type OperationAttempt } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { laterIn, readPart } from './parts.js';

export interface StoredParts {
  plan: BackupPlan;
  parts: Part[];
}

export const checksumArtifacts = (dependencies: Dependencies) =>
  backupActivity(dependencies, 'checksum', checkParts);

/** What the steps stored, in the repository of the attempt's record. */
export const checkParts = async ({ plan, parts }: StoredParts, attempt: OperationAttempt) => {
  const contents = await Promise.all(parts.map((part) => readPart(attempt.scratch, part)));
  const artifacts = contents.flatMap((part) => part.artifacts);
  const repository = openRepository(attempt.record.settings.repository);
  const folder = backupFolder(plan.deployment, plan.backup);
  if (repository.confirm === undefined) await checkArtifacts(repository, folder, { artifacts, attempt });
  else await repository.confirm(folder, artifacts, laterIn(attempt));
  return { bytes: totalBytes(artifacts), artifacts: artifacts.length };
};
