// Small files that lie beside a manifest, and are the very ones that it names.
import { createHash } from 'node:crypto';
import type { RepositorySettings } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import type { Manifest } from '../domain/manifest.js';
import { openRepository } from '../repositories/open-repository.js';
import { backupFolder } from './manifest-file.js';

/**
 * A document or a small artifact. The manifest's hash vouches for it, and the manifest's signature for that.
 * @throws CORRUPT_ARTIFACT when it is missing, changed, or the manifest does not name it
 */
export const readDocument = async (
  settings: RepositorySettings,
  { deployment, id, documents, artifacts }: Manifest,
  name: string,
): Promise<Buffer> => {
  const named = [...documents, ...artifacts].find((one) => one.name === name);
  const bytes = await openRepository(settings).get(`${backupFolder(deployment, id)}/${name}`);
  if (bytes === null) throw corrupt(name, id, 'is missing');
  if (named === undefined)
    throw corrupt(name, id, 'is not named in its manifest: an earlier holdfast made it');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (sha256 !== named.sha256) throw corrupt(name, id, 'is not the one that was stored: its SHA-256 differs');
  return bytes;
};

const corrupt = (name: string, id: string, why: string): Failure =>
  new Failure('CORRUPT_ARTIFACT', `${name} of ${id} ${why}`);
