// Reads one copy of one backup again: every artifact in its full length, byte by byte, against what its manifest says.
import { readManifest } from '../catalog/catalog.js';
import { backupFolder } from '../catalog/manifest-file.js';
import type { RepositorySettings } from '../config/config.js';
import { asFailure, Failure } from '../domain/failure.js';
import type { FailureCode } from '../domain/failure-codes.js';
import type { Manifest, StoredArtifact } from '../domain/manifest.js';
import { type Digest, digestOf } from '../repositories/hash.js';
import { openUnhurried } from '../repositories/open-unhurried.js';
import { steadily } from '../repositories/steadily.js';
import { type Reading, totalBytes } from './stored-artifacts.js';

export interface CopyFound {
  /** null: it is missing or cannot be parsed. */
  manifest: Manifest | null;
  bytes: number;
  /** Each names an object of the backup and says what is wrong with it. */
  problems: { name: string; words: string }[];
}

/** @param bytesPerSecond null: as fast as it goes. Failure REPOSITORY_UNREACHABLE when it cannot be read at all */
export const verifyCopy = async (
  settings: RepositorySettings,
  { deployment, backup }: { deployment: string; backup: string },
  {
    attempt,
    bytesPerSecond,
    stallTimeoutMs = 0,
  }: { attempt: Reading; bytesPerSecond: number | null; stallTimeoutMs?: number },
): Promise<CopyFound> => {
  const read = await manifestOf(settings, deployment, backup);
  if (read.manifest === null) return { ...read, bytes: 0 };
  const { artifacts } = read.manifest;
  const repository = openUnhurried(settings, bytesPerSecond);
  const expected = totalBytes(artifacts);
  const problems: CopyFound['problems'] = [];
  let before = 0;
  for (const artifact of artifacts) {
    const key = `${backupFolder(deployment, backup)}/${artifact.name}`;
    const chunks = () => steadily(() => repository.open(key), { signal: attempt.signal, stallTimeoutMs });
    const read = async (): Promise<Digest> =>
      digestOf(chunks(), (_chunk, bytes) => {
        attempt.signal.throwIfAborted();
        attempt.report({ source: `${backup} in ${settings.name}`, bytes: before + bytes, expected });
      });
    const words = await problemOf(artifact, read);
    if (words !== null) problems.push({ name: artifact.name, words });
    before += artifact.bytes;
  }
  return { manifest: read.manifest, bytes: before, problems };
};

const manifestOf = async (
  settings: RepositorySettings,
  deployment: string,
  backup: string,
): Promise<Pick<CopyFound, 'manifest' | 'problems'>> => {
  try {
    return { manifest: await readManifest(settings, deployment, backup), problems: [] };
  } catch (error) {
    const { code, message } = asFailure(error);
    if (code === 'UNKNOWN_BACKUP') return without('the backup is missing');
    if (code === 'CORRUPT_MANIFEST' || code === 'UNSUPPORTED_MANIFEST') return without(message);
    throw error;
  }
};

const without = (words: string): Pick<CopyFound, 'manifest' | 'problems'> => ({
  manifest: null,
  problems: [{ name: 'manifest.json', words }],
});

/** null: it is the very one. */
export const problemOf = async (
  artifact: StoredArtifact,
  read: () => Promise<Digest>,
): Promise<string | null> => {
  try {
    const found = await read();
    if (found.bytes !== artifact.bytes)
      return `${artifact.name} has ${found.bytes} bytes instead of ${artifact.bytes}`;
    return found.sha256 === artifact.sha256
      ? null
      : `${artifact.name} is damaged: its SHA-256 is another one`;
  } catch (error) {
    if (isFailure(error, 'CORRUPT_ARTIFACT')) return `${artifact.name} is missing`;
    throw error;
  }
};

const isFailure = (error: unknown, code: FailureCode): boolean =>
  error instanceof Failure && error.code === code;
