// Whether this agent can open what it is about to restore: asked before anything is fetched.
import { backupFolder } from '../../catalog/manifest-file.js';
import type { Config, RepositorySettings } from '../../config/config.js';
import type { Manifest, StoredArtifact } from '../../domain/manifest.js';
import { folderForKeys } from '../../operations/identity.js';
import { requireKey, type Trying } from '../../operations/try-key.js';
import { openRepository } from '../../repositories/open-repository.js';

/** @throws KEY_MISSING, WRONG_KEY, TOOL_MISSING; CONFIG_INVALID when the key cannot be read */
export const checkKey = async (
  config: Config,
  { manifest, settings }: { manifest: Manifest; settings: RepositorySettings },
  needed: readonly StoredArtifact[],
): Promise<void> => {
  const folder = backupFolder(manifest.deployment, manifest.id);
  const backup = { manifest, repository: openRepository(settings), folder };
  await requireKey(backup, needed, await tryingWith(config));
};

export const tryingWith = async (
  { encryption, state }: Pick<Config, 'encryption' | 'state'>,
  signal: AbortSignal = new AbortController().signal,
): Promise<Trying> => ({ encryption, folder: await folderForKeys(state), signal });
