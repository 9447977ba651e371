// Fills one copy of a backup, artifact by artifact, from repositories that have it; the manifest comes last, so that a copy
// is a backup if and only if it is whole. Runs outside of any operation.
import { createHash } from 'node:crypto';
import { backupFolder, manifestKey } from '../../catalog/manifest-file.js';
import { signatureKey } from '../../catalog/signed-manifest.js';
import type { RepositorySettings } from '../../config/config.js';
import { asFailure, Failure } from '../../domain/failure.js';
import type { Manifest, StoredArtifact } from '../../domain/manifest.js';
import type { TransferHeartbeat } from '../../domain/progress.js';
import type { Trust } from '../../domain/signature.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Repository } from '../../repositories/repository.js';
import type { Host } from '../context.js';
import { totalBytes } from '../stored-artifacts.js';
import { endLease, forgetCopy, journalOf, takeLease } from './copy-lease.js';
import { type CopySources, copySources, missingOf } from './copy-sources.js';

export interface BackupCopying {
  deployment: string;
  backup: string;
  /** Read in this order. */
  from: readonly RepositorySettings[];
  to: RepositorySettings;
  /** Only what somebody has signed who is trusted is copied. */
  trust: Trust;
}

export interface Copying {
  host: Pick<Host, 'state' | 'effect'>;
  signal: AbortSignal;
  stallTimeoutMs: number;
  report: (progress: TransferHeartbeat) => void;
}

/** Gives the bytes that were not there before; null: no repository has the backup any more. */
export const copyBackup = async (what: BackupCopying, copying: Copying): Promise<number | null> => {
  const { state, effect } = copying.host;
  const copy = { deployment: what.deployment, backup: what.backup, to: what.to.name };
  const found = await copySources(what, what.from);
  if (found === null) {
    await forgetCopy(state, copy, effect);
    return null;
  }
  const from = what.from.map(({ name }) => name);
  await takeLease(state, { version: 1, ...copy, from, since: new Date().toISOString() }, effect);
  try {
    const bytes = await fill(what, found, copying);
    await forgetCopy(state, copy, effect);
    return bytes;
  } catch (error) {
    // Nobody tries it again: what it read may be removed again.
    if (!copying.signal.aborted && !asFailure(error).retryable) await endLease(state, copy);
    throw error;
  }
};

const fill = async (what: BackupCopying, found: CopySources, copying: Copying): Promise<number> => {
  const target = openRepository(what.to);
  const missing = await missingOf(target, found.manifest);
  const expected = totalBytes(missing);
  let before = 0;
  for (const artifact of missing) {
    const onProgress = (bytes: number) =>
      copying.report({ source: `${what.backup} to ${what.to.name}`, bytes: before + bytes, expected });
    await receiveFromAny({ what, found, artifact, target }, { ...copying, onProgress });
    before += artifact.bytes;
  }
  for (const document of found.manifest.documents)
    await copyDocument(document, { what, found, target }, copying);
  const { bytes, signature } = found.signed;
  const { effect } = copying.host;
  if (signature !== null) await target.put(signatureKey(what.deployment, what.backup), signature, effect);
  await target.put(manifestKey(what.deployment, what.backup), bytes, effect);
  return expected;
};

/** A source whose artifact is damaged or gone is no reason to fail while another one has it. */
const receiveFromAny = async (
  {
    what,
    found,
    artifact,
    target,
  }: { what: BackupCopying; found: CopySources; artifact: StoredArtifact; target: Repository },
  copying: Copying & { onProgress: (bytes: number) => void },
): Promise<void> => {
  const { host, signal, stallTimeoutMs, onProgress } = copying;
  const key = `${backupFolder(what.deployment, what.backup)}/${artifact.name}`;
  const copy = { deployment: what.deployment, backup: what.backup, to: what.to.name };
  const journal = journalOf(host.state, copy, artifact.name);
  const [last, ...others] = found.repositories.toReversed();
  const receive = async (source: Repository | undefined): Promise<void> => {
    if (source === undefined) throw new Failure('UNKNOWN_BACKUP', `no repository has ${key}`);
    const { bytes, sha256 } = artifact;
    const open = (offset: number) => source.open(key, offset);
    const context = { signal, effect: host.effect, stallTimeoutMs, onProgress, journal };
    const from = what.from.find(({ name }) => name === source.name);
    if (from !== undefined && (await target.receiveFrom?.(key, { bytes, sha256, from }, context))) return;
    await target.receive(key, { bytes, sha256, open }, context);
  };
  for (const source of others.toReversed()) {
    try {
      return await receive(source);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'CORRUPT_ARTIFACT') throw error;
    }
  }
  await receive(last);
};

/** RESTORE.md or holdfast.yaml, as it was signed. Missing or changed everywhere, it stays missing: `verify` says so. */
const copyDocument = async (
  { name, sha256 }: Manifest['documents'][number],
  { what, found, target }: { what: BackupCopying; found: CopySources; target: Repository },
  { host }: Copying,
): Promise<void> => {
  const key = `${backupFolder(what.deployment, what.backup)}/${name}`;
  for (const source of found.repositories) {
    const bytes = await source.get(key);
    if (bytes === null || createHash('sha256').update(bytes).digest('hex') !== sha256) continue;
    return target.put(key, bytes, host.effect);
  }
};
