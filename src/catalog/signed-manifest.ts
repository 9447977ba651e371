// The one way to read a manifest that something is done by: its raw bytes and their signature first, and only then its words.
import type { RepositorySettings } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import type { Manifest } from '../domain/manifest.js';
import {
  isTrusted,
  type Signature,
  type Signer,
  signatureSchema,
  signerOf,
  type Trust,
} from '../domain/signature.js';
import { openRepository } from '../repositories/open-repository.js';
import type { Repository } from '../repositories/repository.js';
import { backupFolder, manifestKey, parseManifest } from './manifest-file.js';
import { isSignature } from './signing.js';

export const SIGNATURE_NAME = 'manifest.sig';

export interface Verifying {
  trust: Trust;
  /** A manifest that nobody or a stranger signed will do. One that was changed never does. */
  allowUnsigned?: boolean;
}

export interface SignedManifest {
  manifest: Manifest;
  signer: Signer;
  /** As they lie in the repository; null: nobody signed it. */
  bytes: Buffer;
  signature: Buffer | null;
}

/** Which backup: the manifest must say the same. */
export interface Wanted {
  deployment: string;
  backup: string;
}

/** Failures UNKNOWN_BACKUP, UNSIGNED, NOT_TRUSTED, CORRUPT_MANIFEST, UNSUPPORTED_MANIFEST. */
export const readSignedManifest = (
  settings: RepositorySettings,
  wanted: Wanted,
  verifying: Verifying,
): Promise<SignedManifest> => signedManifestIn(openRepository(settings), wanted, verifying);

/** The same, for many: a repository that is opened once connects once. */
export const signedManifestIn = async (
  repository: Pick<Repository, 'get'>,
  { deployment, backup }: Wanted,
  verifying: Verifying,
): Promise<SignedManifest> => {
  const [bytes, early] = await Promise.all([
    repository.get(manifestKey(deployment, backup)),
    repository.get(signatureKey(deployment, backup)),
  ]);
  if (bytes === null) throw new Failure('UNKNOWN_BACKUP', `there is no backup ${backup} of ${deployment}`);
  // The backup may have been committed between the two.
  const signature = early ?? (await repository.get(signatureKey(deployment, backup)));
  const signer = verified({ backup, bytes, signature }, verifying.trust);
  if (verifying.allowUnsigned !== true) requireTrusted(signer, backup);
  return { manifest: parseManifest(bytes, deployment, backup), signer, bytes, signature };
};

/** Who signed it, without a word of it being read. Failures UNKNOWN_BACKUP, CORRUPT_MANIFEST. */
export const readSigner = async (
  settings: RepositorySettings,
  { deployment, backup }: Wanted,
  trust: Trust,
): Promise<Signer> => {
  const repository = openRepository(settings);
  const bytes = await repository.get(manifestKey(deployment, backup));
  if (bytes === null) throw new Failure('UNKNOWN_BACKUP', `there is no backup ${backup} of ${deployment}`);
  const signature = await repository.get(signatureKey(deployment, backup));
  return verified({ backup, bytes, signature }, trust);
};

export const signatureKey = (deployment: string, backup: string): string =>
  `${backupFolder(deployment, backup)}/${SIGNATURE_NAME}`;

export const signatureBytes = (signature: Signature): Buffer =>
  Buffer.from(`${JSON.stringify(signature, null, 2)}\n`);

/** `signed by this host`; for people. */
export const signerInWords = ({ kind, key }: Signer): string => {
  switch (kind) {
    case 'nobody':
      return 'not signed';
    case 'unknown':
      return `signed by ${key}, which is not trusted here`;
    case 'this host':
      return `signed by this host, ${key}`;
    case 'trusted':
      return `signed by ${key}, which is trusted here`;
    default:
      return kind satisfies never;
  }
};

const verified = (
  { backup, bytes, signature }: { backup: string; bytes: Buffer; signature: Buffer | null },
  trust: Trust,
): Signer => {
  if (signature === null) return { kind: 'nobody', key: '' };
  const parsed = parsedSignature(signature);
  if (parsed === null) throw corrupt(`the signature of ${backup} cannot be read`);
  if (!isSignature(parsed, bytes))
    throw corrupt(
      `the manifest of ${backup} is not the one that was signed: it, or its signature, was changed`,
    );
  return signerOf(parsed.key, trust);
};

const parsedSignature = (bytes: Buffer): Signature | null => {
  try {
    return signatureSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    return null;
  }
};

const requireTrusted = (signer: Signer, backup: string): void => {
  if (isTrusted(signer)) return;
  if (signer.kind === 'nobody')
    throw new Failure(
      'UNSIGNED',
      `${backup} is not signed: an earlier holdfast made it, or its signature was taken away`,
    );
  throw new Failure('NOT_TRUSTED', `${backup} is signed by a key that is not trusted here: ${signer.key}`, {
    hint: `if that key is yours, name it in holdfast.yaml: trust: ["${signer.key}"]; else restore another backup`,
  });
};

const corrupt = (message: string): Failure => new Failure('CORRUPT_MANIFEST', message);
