// Reads one copy of one backup again: every artifact in its full length, byte by byte, against what its manifest says.
import { buffer } from 'node:stream/consumers';
import { backupFolder, MANIFEST_NAME } from '../../catalog/manifest-file.js';
import { signedManifestIn, type Wanted } from '../../catalog/signed-manifest.js';
import type { RepositorySettings } from '../../config/config.js';
import { asFailure, Failure } from '../../domain/failure.js';
import type { FailureCode } from '../../domain/failure-codes.js';
import type { Manifest } from '../../domain/manifest.js';
import type { Trust } from '../../domain/signature.js';
import { type Digest, digestOf } from '../../repositories/hash.js';
import { openRepository } from '../../repositories/open-repository.js';
import { openUnhurried } from '../../repositories/open-unhurried.js';
import type { Repository } from '../../repositories/repository.js';
import { steadily } from '../../repositories/steadily.js';
import { type Reading, totalBytes } from '../stored-artifacts.js';

export interface CopyFound {
  /** null: it is missing or cannot be parsed. */
  manifest: Manifest | null;
  bytes: number;
  /** Each names an object of the backup and says what is wrong with it. */
  problems: { name: string; words: string }[];
}

/** An artifact, RESTORE.md or holdfast.yaml. */
export interface VerifiedObject {
  name: string;
  bytes: number;
  sha256: string;
}

/** @param bytesPerSecond null: as fast as it goes. Failure REPOSITORY_UNREACHABLE when it cannot be read at all */
export const verifyCopy = async (
  settings: RepositorySettings,
  wanted: Wanted & { trust: Trust },
  {
    attempt,
    bytesPerSecond,
    stallTimeoutMs = 0,
  }: { attempt: Reading; bytesPerSecond: number | null; stallTimeoutMs?: number },
): Promise<CopyFound> => {
  const { deployment, backup } = wanted;
  const read = await manifestOf(settings, wanted);
  if (read.manifest === null) return { ...read, bytes: 0 };
  const objects: readonly VerifiedObject[] = [...read.manifest.artifacts, ...read.manifest.documents];
  const repository = openUnhurried(settings, bytesPerSecond);
  const expected = totalBytes(objects);
  const problems: CopyFound['problems'] = [];
  let before = 0;
  for (const artifact of objects) {
    const key = `${backupFolder(deployment, backup)}/${artifact.name}`;
    const chunks = () => steadily(() => repository.open(key), { signal: attempt.signal, stallTimeoutMs });
    const read = async (): Promise<Digest> =>
      digestOf(chunks(), (_chunk, bytes) => {
        attempt.signal.throwIfAborted();
        attempt.report({ source: `${backup} in ${settings.name}`, bytes: before + bytes, expected });
      });
    const words = await problemOf(artifact, read, () => isListed(repository, key));
    if (words !== null) problems.push({ name: artifact.name, words });
    before += artifact.bytes;
  }
  return { manifest: read.manifest, bytes: before, problems };
};

/** What is neither signed nor trusted is not read any further: whoever wrote it could have written anything. */
const manifestOf = async (
  settings: RepositorySettings,
  wanted: Wanted & { trust: Trust },
): Promise<Pick<CopyFound, 'manifest' | 'problems'>> => {
  try {
    const { manifest } = await signedManifestIn(readingAgain(openRepository(settings)), wanted, wanted);
    return { manifest, problems: [] };
  } catch (error) {
    const { code, message } = asFailure(error);
    if (code === 'UNKNOWN_BACKUP') return without('the backup is missing');
    if (ABOUT_THE_MANIFEST.has(code)) return without(message);
    throw error;
  }
};

/** What this process knows of it is not what is asked: `get` may answer from memory. */
const readingAgain = (repository: Repository): Pick<Repository, 'get'> => ({
  get: async (key) => {
    const stream = await repository.open(key).catch(nullWhenMissing);
    return stream === null ? null : buffer(stream);
  },
});

const nullWhenMissing = (error: unknown): null => {
  if (isFailure(error, 'CORRUPT_ARTIFACT')) return null;
  throw error;
};

const ABOUT_THE_MANIFEST: ReadonlySet<FailureCode> = new Set([
  'CORRUPT_ARTIFACT',
  'CORRUPT_MANIFEST',
  'UNSUPPORTED_MANIFEST',
  'UNSIGNED',
  'NOT_TRUSTED',
]);

const without = (words: string): Pick<CopyFound, 'manifest' | 'problems'> => ({
  manifest: null,
  problems: [{ name: MANIFEST_NAME, words }],
});

/** null: it is the very one. @param isThere asked where it cannot be read: what is damaged is not missing */
const problemOf = async (
  artifact: VerifiedObject,
  read: () => Promise<Digest>,
  isThere: () => Promise<boolean>,
): Promise<string | null> => {
  try {
    const found = await read();
    if (found.bytes !== artifact.bytes)
      return `${artifact.name} has ${found.bytes} bytes instead of ${artifact.bytes}`;
    return found.sha256 === artifact.sha256
      ? null
      : `${artifact.name} is damaged: its SHA-256 is another one`;
  } catch (error) {
    if (!isFailure(error, 'CORRUPT_ARTIFACT')) throw error;
    if (!(await isThere())) return `${artifact.name} is missing`;
    return `${artifact.name} is damaged: ${asFailure(error).message}`;
  }
};

export const isListed = async (repository: Repository, key: string): Promise<boolean> => {
  const folder = key.slice(0, key.lastIndexOf('/'));
  return (await repository.list(folder)).some((one) => one.key === key);
};

const isFailure = (error: unknown, code: FailureCode): boolean =>
  error instanceof Failure && error.code === code;
