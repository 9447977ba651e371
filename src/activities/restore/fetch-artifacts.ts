// Has every artifact that the restore needs on this host and intact, before anything is staged. A local repository's are
// read where they lie; others are downloaded, from where an interrupted download stopped. What is missing or damaged in one
// repository comes from the next one that holds the backup, unless the restore was told which one to use.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoriesOf } from '../../catalog/catalog.js';
import { backupFolder } from '../../catalog/manifest-file.js';
import { readSignedManifest, type Verifying } from '../../catalog/signed-manifest.js';
import { trustOf } from '../../catalog/signing-key.js';
import type { RepositorySettings } from '../../config/config.js';
import { deploymentOf } from '../../config/load.js';
import { asFailure, Failure } from '../../domain/failure.js';
import { fitting } from '../../domain/findings.js';
import type { Manifest, StoredArtifact } from '../../domain/manifest.js';
import type { StagingPlan } from '../../domain/plans.js';
import { freeBytes } from '../../files/free-space.js';
import { checkArtifacts, totalBytes } from '../../operations/stored-artifacts.js';
import { openRepository } from '../../repositories/open-repository.js';
import { type OperationAttempt, operationActivity } from '../attempt.js';
import type { Dependencies } from '../dependencies.js';
import { neededArtifacts } from './artifacts-of.js';
import { downloads, type Fetched, writeFetched } from './fetched.js';

export interface FetchResult {
  artifacts: number;
  bytes: number;
  /** What did not come from the repository that was planned, and why: one line each. */
  elsewhere: string[];
}

/** A payload stays under 4 kB. */
const MOST_BYTES = 1_500;

export const fetchArtifacts = (dependencies: Dependencies) =>
  operationActivity(
    dependencies,
    'fetch',
    async ({ plan }: { plan: StagingPlan }, attempt): Promise<FetchResult> => {
      const candidates = await candidatesOf(dependencies, plan, attempt);
      const verifying = await verifyingOf(dependencies, plan);
      const { found } = await firstOf(candidates, attempt, (settings) =>
        readSignedManifest(settings, plan, verifying),
      );
      const { manifest } = found;
      const artifacts = neededArtifacts(manifest, plan);
      const places: Fetched['places'] = {};
      const elsewhere: string[] = [];
      for (const artifact of artifacts) {
        const { found, settings, because } = await firstOf(candidates, attempt, (from) =>
          fetch(artifact, manifest, { from, attempt, artifacts }),
        );
        places[artifact.name] = found;
        if (because !== null) elsewhere.push(`${artifact.name} from ${settings.name}: ${because.message}`);
      }
      await writeFetched(attempt, { manifest, places });
      const { kept } = fitting(elsewhere, MOST_BYTES);
      return { artifacts: artifacts.length, bytes: totalBytes(artifacts), elsewhere: kept };
    },
  );

const verifyingOf = async (
  { loadConfig }: Pick<Dependencies, 'loadConfig'>,
  { unsigned = '' }: StagingPlan,
): Promise<Verifying> => ({ trust: await trustOf(await loadConfig()), allowUnsigned: unsigned !== '' });

/** The planned one first. One that was taken out of the configuration meanwhile is left out. */
const candidatesOf = async (
  { loadConfig }: Pick<Dependencies, 'loadConfig'>,
  { deployment, others = [] }: StagingPlan,
  { record }: OperationAttempt,
): Promise<RepositorySettings[]> => {
  const planned = record.settings.repository;
  if (others.length === 0) return [planned];
  const config = await loadConfig();
  const known = repositoriesOf(config, deploymentOf(config, deployment));
  return [planned, ...known.filter(({ name }) => others.includes(name))];
};

/** Tries one after the other; `because`: what was wrong with the first one. Failure of the first one when none will do. */
const firstOf = async <T>(
  candidates: readonly RepositorySettings[],
  { signal }: OperationAttempt,
  act: (settings: RepositorySettings) => Promise<T>,
): Promise<{ found: T; settings: RepositorySettings; because: Failure | null }> => {
  let because: Failure | null = null;
  for (const settings of candidates) {
    try {
      return { found: await act(settings), settings, because };
    } catch (error) {
      signal.throwIfAborted();
      const failure = asFailure(error);
      if (failure.code === 'DISK_FULL') throw failure;
      because ??= failure;
    }
  }
  throw because ?? new Failure('UNKNOWN_BACKUP', 'no repository holds this backup');
};

interface Fetching {
  from: RepositorySettings;
  attempt: OperationAttempt;
  /** All that are needed. */
  artifacts: readonly StoredArtifact[];
}

/** Gives where it can be read from now on. */
const fetch = async (
  artifact: StoredArtifact,
  manifest: Manifest,
  { from, attempt, artifacts }: Fetching,
): Promise<RepositorySettings> => {
  const folder = backupFolder(manifest.deployment, manifest.id);
  const source = openRepository(from);
  if (from.kind === 'local') {
    await checkArtifacts(source, folder, { artifacts: [artifact], attempt });
    return from;
  }
  const into = downloads(attempt.scratch);
  await requireRoom(attempt.scratch, artifacts);
  const key = `${folder}/${artifact.name}`;
  const { bytes, sha256 } = artifact;
  await openRepository(into).receive(
    key,
    { bytes, sha256, open: (offset) => source.open(key, offset) },
    {
      signal: attempt.signal,
      effect: attempt.host.effect,
      stallTimeoutMs: attempt.run.stallTimeoutMs,
      onProgress: (done) => attempt.report({ source: artifact.name, bytes: done, expected: bytes }),
      journal: join(attempt.scratch, `${artifact.name}.journal`),
    },
  );
  return into;
};

/** Before the first download: by what has arrived there is less room, and less is needed. */
const requireRoom = async (scratch: string, artifacts: readonly StoredArtifact[]): Promise<void> => {
  const folder = join(scratch, 'fetched');
  if ((await stat(folder).catch(() => null)) !== null) return;
  const needed = totalBytes(artifacts);
  const free = await freeBytes(scratch);
  if (free < needed) {
    throw new Failure(
      'DISK_FULL',
      `the backup’s ${megabytes(needed)} are downloaded to ${scratch} first, where ${megabytes(free)} are left`,
      { hint: 'free some space there, or set state in holdfast.yaml to a folder on a larger disk' },
    );
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
};

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
