// The key that opens backups, in a private file for as long as a program reads it: age takes it from a file only.
import { access, constants, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EncryptionSettings } from '../config/config.js';
import { resolveIdentity } from '../config/identity.js';
import { isEncrypted, type StoredArtifact } from '../domain/manifest.js';
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
  const own = await mkdtemp(join(folder, `${PREFIX}${process.pid}-`));
  try {
    const file = join(own, 'identity');
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
    return await use(file);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
};

const PREFIX = 'key-';

/** For what is no operation. Doctor may run where no agent has made a state folder, or as somebody else. */
export const folderForKeys = async (state: string): Promise<string> => {
  const runs = join(state, 'runs');
  return access(runs, constants.W_OK | constants.X_OK).then(
    () => runs,
    () => tmpdir(),
  );
};

/** Those that a killed process left, beside operations and in their scratch folders. Only under the agent's lock. */
export const removeLeftKeys = async (state: string): Promise<void> => {
  const runs = join(state, 'runs');
  const names = await readdir(runs).catch(() => []);
  for (const folder of [runs, ...names.map((name) => join(runs, name))])
    for (const name of await readdir(folder).catch(() => []))
      if (isLeft(name)) await rm(join(folder, name), { recursive: true, force: true });
};

/** Doctor may be at work beside the agent. This process has made none yet. */
const isLeft = (name: string): boolean => {
  const pid = Number(/^key-(\d+)-/.exec(name)?.[1] ?? 0);
  return pid > 0 && (pid === process.pid || !isRunning(pid));
};

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
