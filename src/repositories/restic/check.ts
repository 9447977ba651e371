// Whether a restic repository can be used: asked before a backup begins, and by doctor. restic takes half a second to answer:
// in a folder of this host, what it said once holds as long as the repository is the same and nobody has locked it.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { resticProbe } from '../../tools/restic.js';
import { checkLocal } from '../local/check.js';
import { inRepository } from '../local/failure.js';
import { memoryOf } from './memory.js';
import { ask, isThere, type ResticSession, requirePlace } from './session.js';
import { requireWritable } from './writable.js';

/** One that is not there yet is made by the first backup. The probe needs the password, and writes and removes a lock. */
export const checkRestic = async (session: ResticSession): Promise<void> => {
  if (!(await isThere(session))) return requirePlace(session.settings);
  const { name, repository } = session.settings;
  const folder = { kind: 'local', name, path: repository } as const;
  await requireWritable(session.settings);
  if (isAbsolute(repository)) await inRepository(folder, () => checkLocal(folder));
  const memory = await memoryOf(session);
  const found = await identityOf(repository);
  if (found !== null && found === memory.answered) return;
  await ask(session, resticProbe);
  memory.answered = found;
};

/** @param names in its folder `locks`: what a killed restic was writing has a longer one, and locks nothing */
export const someLock = (names: readonly string[]): boolean =>
  names.some((name) => /^[0-9a-f]{64}$/.test(name));

/** Another repository has another one, and so has one whose passwords changed. null: restic is to be asked. */
const identityOf = async (repository: string): Promise<string | null> => {
  if (!isAbsolute(repository)) return null;
  try {
    const [config, keys, locks] = await Promise.all([
      readFile(join(repository, 'config')),
      readdir(join(repository, 'keys')),
      readdir(join(repository, 'locks')),
    ]);
    if (someLock(locks)) return null;
    return createHash('sha256').update(config).update(keys.toSorted().join('\n')).digest('hex');
  } catch {
    return null;
  }
};
