// The key that opens backups, in a private file for as long as a program reads it: age takes it from a file only.
import { access, constants, mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EncryptionSettings } from '../config/config.js';
import { resolveIdentity } from '../config/identity.js';
import { isEncrypted, type StoredArtifact } from '../domain/manifest.js';
import { removeLeftFolders, withOwnFolder } from '../tools/own-folder.js';
import { runForSecret } from '../tools/run-for-secret.js';

export interface IdentityNeed {
  encryption: EncryptionSettings | null;
  /** Where none of them is encrypted, no key is looked for. */
  artifacts: readonly Pick<StoredArtifact, 'transforms'>[];
  /** An operation's scratch folder, or what folderForKeys gives. */
  folder: string;
}

/**
 * @param use is given the path of the key's file; null: none is needed, or none is configured
 * @throws CONFIG_INVALID when the configured one cannot be read, or others can read it too
 */
export const withIdentity = <T>(
  { encryption, artifacts, folder }: IdentityNeed,
  use: (identity: string | null) => Promise<T>,
): Promise<T> => {
  const reference = encryption?.identity ?? null;
  return reference === null || !artifacts.some(isEncrypted)
    ? use(null)
    : withIdentityFile(reference, folder, use);
};

export const withIdentityFile = async <T>(
  reference: string,
  folder: string,
  use: (identity: string) => Promise<T>,
): Promise<T> => {
  const text = await resolveIdentity(reference, { path: 'encryption.identity', run: runForSecret });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return withOwnFolder({ above: folder, kind: KIND }, async (own) => {
    const file = join(own, 'identity');
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    return use(file);
  });
};

const KIND = 'key';

/** For what is no operation. Doctor may run where no agent has made a state folder, or as somebody else. */
export const folderForKeys = async (state: string): Promise<string> => {
  const runs = join(state, 'runs');
  return access(runs, constants.W_OK | constants.X_OK).then(
    () => runs,
    () => tmpdir(),
  );
};

/** Those that a killed process left, beside operations and in their scratch folders. Only under the agent's lock: doctor may be at work. */
export const removeLeftKeys = async (state: string): Promise<void> => {
  const runs = join(state, 'runs');
  const names = await readdir(runs).catch(() => []);
  for (const above of [runs, ...names.map((name) => join(runs, name))])
    await removeLeftFolders({ above, kind: KIND });
};
