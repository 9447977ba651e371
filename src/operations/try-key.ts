// Whether a backup can be opened here, from the beginning of one of its artifacts: said before anything is fetched.
import { Readable } from 'node:stream';
import type { EncryptionSettings } from '../config/config.js';
import { asFailure, Failure } from '../domain/failure.js';
import { isEncrypted, type Manifest, type StoredArtifact } from '../domain/manifest.js';
import { shortRecipients } from '../domain/recipients.js';
import { ageDecrypt, ageEncrypt } from '../tools/age.js';
import type { Command } from '../tools/command.js';
import { findProgram } from '../tools/find-program.js';
import { NOT_REGISTERED, runPipeline } from '../tools/process.js';
import { withIdentity, withIdentityFile } from './identity.js';
import { decoders, type StoredBackup } from './stored-artifacts.js';

export interface Trying {
  encryption: EncryptionSettings | null;
  /** For the key's file. */
  folder: string;
  signal: AbortSignal;
}

/**
 * Decodes the beginning of the smallest of `artifacts` that is encrypted, or else of the smallest one. Gives its name; null:
 * there is none.
 * @param atLeast so much of its contents, or all of it
 * @throws KEY_MISSING, WRONG_KEY, TOOL_MISSING, CONFIG_INVALID, CORRUPT_ARTIFACT
 */
export const openBeginning = async (
  backup: StoredBackup,
  { artifacts, atLeast }: { artifacts: readonly StoredArtifact[]; atLeast: number },
  trying: Trying,
): Promise<string | null> => {
  const artifact = smallest(artifacts.filter(isEncrypted)) ?? smallest(artifacts);
  if (artifact === undefined) return null;
  requireReference(backup.manifest, artifact, trying.encryption);
  return withIdentity({ ...trying, artifacts: [artifact] }, async (identity) => {
    const programs = decoders(artifact, identity);
    // What a deduplicating repository stores is as it was given.
    if (programs.length === 0) return artifact.name;
    for (const { program } of programs) await findProgram(program);
    const key = `${backup.folder}/${artifact.name}`;
    try {
      const input = await backup.repository.open(key);
      await readBeginning(programs, { input, atLeast, signal: trying.signal });
    } catch (error) {
      throw await keyFailure(error, { backup, artifact, identity, signal: trying.signal });
    }
    return artifact.name;
  });
};

/** Only what is about the key: a damaged artifact is found, and replaced, where all of it is read. */
export const requireKey = async (
  backup: StoredBackup,
  artifacts: readonly StoredArtifact[],
  trying: Trying,
): Promise<void> => {
  try {
    await openBeginning(backup, { artifacts: artifacts.filter(isEncrypted), atLeast: 1 }, trying);
  } catch (error) {
    if (asFailure(error).code !== 'CORRUPT_ARTIFACT') throw error;
  }
};

/** Whether what is encrypted now can be decrypted here. @throws KEY_MISSING, WRONG_KEY, TOOL_MISSING, CONFIG_INVALID */
export const requireRoundTrip = async ({ encryption, folder, signal }: Trying): Promise<void> => {
  if (encryption === null) return;
  const { recipients, identity } = encryption;
  const to = shortRecipients(recipients);
  if (identity === null)
    throw new Failure(
      'KEY_MISSING',
      `what is encrypted to ${to} cannot be decrypted here: no key is configured`,
    );
  await findProgram('age');
  await withIdentityFile(identity, folder, async (file) => {
    if (!(await opens(file, recipients, signal)))
      throw new Failure('WRONG_KEY', `the key that is here does not open what is encrypted to ${to}`);
  });
};

const smallest = (artifacts: readonly StoredArtifact[]): StoredArtifact | undefined =>
  artifacts.toSorted((one, other) => one.bytes - other.bytes)[0];

const requireReference = (
  { id, recipients }: Manifest,
  artifact: StoredArtifact,
  encryption: EncryptionSettings | null,
): void => {
  if (!isEncrypted(artifact) || (encryption?.identity ?? null) !== null) return;
  throw new Failure(
    'KEY_MISSING',
    `${id} is encrypted to ${shortRecipients(recipients)}, and no key is configured here that opens it`,
  );
};

/** Enough was seen. The programs are ended: what is left of the artifact is not read. */
const ENOUGH = new Error('enough was read');

const readBeginning = async (
  programs: readonly Command[],
  { input, atLeast, signal }: { input: Readable; atLeast: number; signal: AbortSignal },
): Promise<void> => {
  const consume = async (stdout: Readable): Promise<void> => {
    let bytes = 0;
    for await (const chunk of stdout as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes >= atLeast) throw ENOUGH;
    }
  };
  const run = { signal, processes: NOT_REGISTERED, stallTimeoutMs: PATIENCE_MS };
  await runPipeline(programs, { ...run, input, consume }).catch((error: unknown) => {
    if (error !== ENOUGH) throw error;
  });
};

const PATIENCE_MS = 60_000;

/** A header that was changed looks to age like somebody else's: whether the key is the right one is tried without it. */
const keyFailure = async (
  error: unknown,
  {
    backup: { manifest },
    artifact,
    identity,
    signal,
  }: { backup: StoredBackup; artifact: StoredArtifact; identity: string | null; signal: AbortSignal },
): Promise<unknown> => {
  if (asFailure(error).code !== 'WRONG_KEY') return error;
  const { id, recipients } = manifest;
  if (identity !== null && recipients.length > 0 && (await opens(identity, recipients, signal)))
    return new Failure('CORRUPT_ARTIFACT', `${artifact.name} of ${id} is damaged: its header is another one`);
  return new Failure(
    'WRONG_KEY',
    `${id} is encrypted to ${shortRecipients(recipients)}, and the key that is here opens none of it`,
    { cause: error },
  );
};

const opens = async (
  identity: string,
  recipients: readonly string[],
  signal: AbortSignal,
): Promise<boolean> => {
  const input = Readable.from([Buffer.from('holdfast')]);
  const programs = [ageEncrypt(recipients), ageDecrypt(identity)];
  try {
    await readBeginning(programs, { input, atLeast: Number.POSITIVE_INFINITY, signal });
    return true;
  } catch (error) {
    if (asFailure(error).code === 'WRONG_KEY') return false;
    throw error;
  }
};
