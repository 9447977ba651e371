// What a commit writes beside the artifacts: its bytes are fixed once, in the operation's scratch folder, so that a retried
// commit finds the same ones and has succeeded.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MANIFEST_NAME, manifestBytes } from '../../catalog/manifest-file.js';
import { SIGNATURE_NAME, signatureBytes } from '../../catalog/signed-manifest.js';
import { signed } from '../../catalog/signing.js';
import { signingKey } from '../../catalog/signing-key.js';
import { Failure } from '../../domain/failure.js';
import { type Manifest, manifestSchema } from '../../domain/manifest.js';
import type { SEALED_NAME } from '../../operations/sealed-secrets.js';
import { replaceBytes } from '../../operations/state-folder.js';
import { digestOfBytes } from '../../repositories/hash.js';
import type { OperationAttempt } from '../attempt.js';

export const DOCUMENTS = ['RESTORE.md', 'holdfast.yaml'] as const;

/** In the order in which they are published. */
export const FIXED_NAMES = [...DOCUMENTS, SIGNATURE_NAME, MANIFEST_NAME] as const;

export type FixedName = (typeof FIXED_NAMES)[number] | typeof SEALED_NAME;

/** The documents first, since the manifest names their hashes; the signature last. */
export const fixFiles = async (
  manifest: Manifest,
  documents: Record<(typeof DOCUMENTS)[number], Buffer>,
  attempt: OperationAttempt,
): Promise<Manifest> => {
  for (const name of DOCUMENTS) await fix(name, documents[name], attempt);
  const documented = {
    ...manifest,
    documents: DOCUMENTS.map((name) => ({ name, ...digestOfBytes(documents[name]) })),
  };
  await fix(MANIFEST_NAME, manifestBytes(documented), attempt);
  return documented;
};

/** null: no attempt has come so far. */
export const readFixed = async (attempt: OperationAttempt): Promise<Manifest | null> => {
  const bytes = await fixedIn(attempt, MANIFEST_NAME);
  return bytes === null ? null : manifestSchema.parse(JSON.parse(bytes.toString('utf8')));
};

/** Of the manifest as it was fixed: signed once, whatever becomes of the key. */
export const fixSignature = async (attempt: OperationAttempt): Promise<void> => {
  if ((await fixedIn(attempt, SIGNATURE_NAME)) !== null) return;
  const key = await signingKey(attempt.host.state);
  await fix(SIGNATURE_NAME, signatureBytes(signed(key, await fixedBytes(attempt, MANIFEST_NAME))), attempt);
};

export const fixedBytes = async (attempt: OperationAttempt, name: FixedName): Promise<Buffer> => {
  const bytes = await fixedIn(attempt, name);
  if (bytes !== null) return bytes;
  throw new Failure('OPERATION_LOST', `${name} of this backup is gone from the state folder`);
};

export const fix = (name: FixedName, bytes: Buffer, { scratch, host }: OperationAttempt): Promise<void> =>
  host.effect(`fix ${name}`, () => replaceBytes(join(scratch, name), bytes));

const fixedIn = ({ scratch }: OperationAttempt, name: FixedName): Promise<Buffer | null> =>
  readFile(join(scratch, name)).catch(() => null);
