// Decodes one copy of a backup, as far as a key is here that opens it.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backupFolder } from '../../catalog/manifest-file.js';
import type { Config } from '../../config/config.js';
import type { VerifiedCopy } from '../../domain/copies.js';
import { asFailure } from '../../domain/failure.js';
import type { Manifest } from '../../domain/manifest.js';
import { processRegister } from '../../operations/agent/processes.js';
import { decodeCopy } from '../../operations/copies/decode-copy.js';
import type { CopyFound } from '../../operations/copies/verify-copy.js';
import { withIdentity } from '../../operations/identity.js';
import type { StoredBackup } from '../../operations/stored-artifacts.js';
import { requireKey, type Trying } from '../../operations/try-key.js';
import type { Attempt } from '../attempt.js';

interface Decoding extends Pick<Config, 'encryption'> {
  attempt: Pick<Attempt, 'host' | 'signal'>;
  stallTimeoutMs: number;
}

export const decodeStored = async (
  repository: StoredBackup['repository'],
  manifest: Manifest,
  { encryption, attempt: { host, signal }, stallTimeoutMs }: Decoding,
): Promise<Pick<CopyFound, 'problems'> & Pick<VerifiedCopy, 'closed'>> => {
  const stored = {
    manifest,
    repository,
    folder: backupFolder(manifest.deployment, manifest.id),
  };
  const folder = await scratch(host.state);
  try {
    const problem = await problemOfKey(stored, { encryption, folder, signal });
    if (problem !== null) return { problems: [problem], closed: true };
    const run = { signal, processes: processRegister(host.state), stallTimeoutMs, folder };
    const { artifacts } = manifest;
    return await withIdentity({ encryption, artifacts, folder }, async (identity) => ({
      problems: await decodeCopy({ ...stored, identity }, run),
    }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Says nothing against the copy: without its key nobody can tell. */
const problemOfKey = async (
  stored: StoredBackup,
  trying: Trying,
): Promise<CopyFound['problems'][number] | null> => {
  try {
    await requireKey(stored, stored.manifest.artifacts, trying);
    return null;
  } catch (error) {
    const { code, message } = asFailure(error);
    if (code !== 'KEY_MISSING' && code !== 'WRONG_KEY') throw error;
    return { name: '', words: `is stored as the manifest says, but cannot be decoded here: ${message}` };
  }
};

const scratch = async (state: string): Promise<string> => {
  const runs = join(state, 'runs');
  await mkdir(runs, { recursive: true, mode: 0o700 });
  return mkdtemp(join(runs, 'verify-'));
};
