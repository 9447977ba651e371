// The artifacts that a restore reads, from the backup's manifest.

import { readManifest } from '../catalog/catalog.js';
import { backupFolder } from '../catalog/manifest-file.js';
import type { Manifest, StoredArtifact } from '../domain/manifest.js';
import type { RestorePlan } from '../domain/plans.js';
import type { OperationRecord } from '../operations/record.js';
import { openRepository } from '../repositories/open-repository.js';
import type { Repository } from '../repositories/repository.js';
import type { Command } from '../tools/command.js';
import { zstdDecompress } from '../tools/zstd.js';

export interface Sources {
  manifest: Manifest;
  repository: Repository;
  /** The backup's folder in the repository. */
  folder: string;
}

export const sourcesOf = async ({ settings, deployment, backup }: OperationRecord): Promise<Sources> => ({
  manifest: await readManifest(settings.repository, deployment, backup),
  repository: openRepository(settings.repository),
  folder: backupFolder(deployment, backup),
});

export const neededArtifacts = (
  manifest: Manifest,
  plan: Pick<RestorePlan, 'databases' | 'trees'>,
): StoredArtifact[] =>
  manifest.artifacts.filter(
    ({ kind, source }) =>
      (kind === 'database' && plan.databases.includes(source)) ||
      (kind === 'files' && plan.trees.includes(source)),
  );

/** The programs that undo an artifact's transforms, last one first. */
export const decoders = ({ transforms }: StoredArtifact): Command[] =>
  [...transforms].reverse().map((transform) => {
    switch (transform) {
      case 'zstd':
        return zstdDecompress();
      default:
        return transform satisfies never;
    }
  });
