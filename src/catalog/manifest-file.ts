// A manifest in a repository: its one place, its bytes, and what is said when they cannot be read.
import type { RepositorySettings } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import { MANIFEST_VERSION, type Manifest, manifestSchema } from '../domain/manifest.js';
import { openRepository } from '../repositories/open-repository.js';

export const MANIFEST_NAME = 'manifest.json';

export const backupFolder = (deployment: string, backup: string): string => `${deployment}/${backup}`;

export const manifestKey = (deployment: string, backup: string): string =>
  `${backupFolder(deployment, backup)}/${MANIFEST_NAME}`;

export const manifestBytes = (manifest: Manifest): Buffer =>
  Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);

/** The manifest, or the reason why it cannot be read as a Failure. */
export const readManifest = async (
  settings: RepositorySettings,
  deployment: string,
  backup: string,
): Promise<Manifest> => {
  const bytes = await openRepository(settings).get(manifestKey(deployment, backup));
  if (bytes === null) throw new Failure('UNKNOWN_BACKUP', `there is no backup ${backup} of ${deployment}`);
  return parseManifest(bytes, deployment, backup);
};

/** Failure UNSUPPORTED_MANIFEST for one of a later version, CORRUPT_MANIFEST for one that is not what it should be. */
export const parseManifest = (bytes: Buffer, deployment: string, backup: string): Manifest => {
  const value = parseJson(bytes, backup);
  const version = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : undefined;
  if (typeof version === 'number' && version > MANIFEST_VERSION) {
    throw new Failure(
      'UNSUPPORTED_MANIFEST',
      `the manifest of ${backup} has version ${version}; this holdfast reads up to ${MANIFEST_VERSION}`,
    );
  }
  const { success, data, error } = manifestSchema.safeParse(value);
  if (!success) {
    const first = error.issues[0];
    const where = first === undefined ? '' : `: ${first.path.join('.')}: ${first.message}`;
    throw new Failure('CORRUPT_MANIFEST', `the manifest of ${backup} is not valid${where}`);
  }
  if (data.id !== backup || data.deployment !== deployment) {
    throw new Failure(
      'CORRUPT_MANIFEST',
      `the manifest in ${deployment}/${backup} says that it is ${data.deployment}/${data.id}`,
    );
  }
  return data;
};

const parseJson = (bytes: Buffer, backup: string): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new Failure('CORRUPT_MANIFEST', `the manifest of ${backup} is not JSON`, { cause });
  }
};
