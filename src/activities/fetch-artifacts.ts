// Has every artifact that the restore needs on this host and intact, before anything is staged. A local repository's are
// read where they lie: only their size and SHA-256 are compared.
import type { RestorePlan } from '../domain/plans.js';
import { neededArtifacts, sourcesOf } from './artifacts-of.js';
import { operationActivity } from './attempt.js';
import { checkArtifacts } from './check-artifacts.js';
import type { Dependencies } from './dependencies.js';

export const fetchArtifacts = (dependencies: Dependencies) =>
  operationActivity(dependencies, 'fetch', async ({ plan }: { plan: RestorePlan }, attempt) => {
    const { manifest, repository, folder } = await sourcesOf(attempt.record);
    const artifacts = neededArtifacts(manifest, plan);
    await checkArtifacts(repository, folder, { artifacts, attempt });
    return { artifacts: artifacts.length, bytes: artifacts.reduce((sum, { bytes }) => sum + bytes, 0) };
  });
