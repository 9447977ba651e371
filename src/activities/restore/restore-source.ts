// Which repository a restore reads: the first one that holds all of it. Where none does, several may together.
import { findBackup, repositoriesOf } from '../../catalog/catalog.js';
import {
  readSignedManifest,
  signerInWords,
  type Verifying,
  type Wanted,
} from '../../catalog/signed-manifest.js';
import { trustOf } from '../../catalog/signing-key.js';
import type { Config, Deployment, RepositorySettings } from '../../config/config.js';
import { asFailure, Failure } from '../../domain/failure.js';
import type { Manifest, StoredArtifact } from '../../domain/manifest.js';
import type { RestoreRequest } from '../../domain/requests.js';
import { isTrusted } from '../../domain/signature.js';
import { requireArtifacts } from './restore-checks.js';

export interface ChosenBackup {
  manifest: Manifest;
  /** Those that hold the backup, in the deployment's order; the one that was asked for is the only one. */
  candidates: RepositorySettings[];
  /** Who has signed it, where it is nobody who is trusted; empty: it is one who is. */
  unsigned: string;
}

export const chosenBackup = async (
  config: Config,
  deployment: Deployment,
  request: Pick<RestoreRequest, 'backup' | 'repository' | 'allowUnsigned'>,
): Promise<ChosenBackup> => {
  const { id, repositories } = await findBackup(config, {
    deployment: deployment.name,
    id: request.backup,
    ...(request.repository === null ? {} : { repository: request.repository }),
  });
  const candidates = repositories.flatMap((name) => repositoriesOf(config, deployment, name));
  const trust = await trustOf(config);
  const wanted = { deployment: deployment.name, backup: id };
  try {
    return { candidates, ...(await firstSigned(candidates, wanted, { trust })) };
  } catch (error) {
    if (!request.allowUnsigned) throw error;
    // Only now: a copy that is signed comes first, wherever it lies.
    return { candidates, ...(await firstSigned(candidates, wanted, { trust, allowUnsigned: true })) };
  }
};

/** Failure of the last one when none will do. */
export const firstSigned = async (
  candidates: readonly RepositorySettings[],
  wanted: Wanted,
  verifying: Verifying,
): Promise<Pick<ChosenBackup, 'manifest' | 'unsigned'>> => {
  let failure = new Failure('UNKNOWN_BACKUP', `no repository holds ${wanted.backup}`);
  for (const settings of candidates) {
    try {
      const { manifest, signer } = await readSignedManifest(settings, wanted, verifying);
      return { manifest, unsigned: isTrusted(signer) ? '' : signerInWords(signer) };
    } catch (error) {
      failure = asFailure(error);
    }
  }
  throw failure;
};

export interface RestoreSources {
  settings: RepositorySettings;
  /** They step in where it turns out to be damaged. */
  others: string[];
  /** Why it is not the first one: for people. */
  lines: string[];
}

/** Failure of the first one when an artifact is nowhere in its full length. */
export const chooseSource = async (
  { manifest, candidates }: ChosenBackup,
  needed: readonly StoredArtifact[],
): Promise<RestoreSources> => {
  const lacking = await Promise.all(candidates.map((settings) => lackedBy(settings, manifest, needed)));
  const best = lacking.findIndex(({ names }) => names.size === 0);
  const settings = candidates[Math.max(0, best)];
  const nowhere = needed.some(({ name }) => lacking.every(({ names }) => names.has(name)));
  const [first] = lacking;
  if (settings === undefined || nowhere)
    throw first?.failure ?? new Failure('UNKNOWN_BACKUP', `no repository holds ${manifest.id}`);
  const others = candidates.map(({ name }) => name).filter((name) => name !== settings.name);
  const lines = lacking.slice(0, Math.max(0, best)).flatMap(({ failure }) => failure?.message ?? []);
  return { settings, others, lines };
};

interface Lacking {
  names: ReadonlySet<string>;
  failure: Failure | null;
}

const lackedBy = async (
  settings: RepositorySettings,
  manifest: Manifest,
  needed: readonly StoredArtifact[],
): Promise<Lacking> => {
  const names = new Set<string>();
  let failure: Failure | null = null;
  try {
    await requireArtifacts(settings, manifest, needed);
  } catch (error) {
    failure = asFailure(error);
    for (const artifact of needed)
      await requireArtifacts(settings, manifest, [artifact]).catch(() => names.add(artifact.name));
  }
  return { names, failure };
};
