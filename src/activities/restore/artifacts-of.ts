// The artifacts that a restore reads, from the backup's manifest.
import type { Manifest, StoredArtifact } from '../../domain/manifest.js';
import type { RestorePlan } from '../../domain/plans.js';

export { decoders, type Sources } from '../../operations/stored-artifacts.js';
export { withSources } from './fetched.js';

export const neededArtifacts = (
  manifest: Manifest,
  plan: Pick<RestorePlan, 'databases' | 'trees'>,
): StoredArtifact[] =>
  manifest.artifacts.filter(
    ({ kind, source }) =>
      (kind === 'database' && plan.databases.includes(source)) ||
      (kind === 'files' && plan.trees.includes(source)),
  );
