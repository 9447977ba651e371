// A repository that is new gets the log as well: it outlives the others, too. Entries that are no entries stay where they are.
import { isLogName, logFolderIn, parseLogObject } from '../../catalog/log-object.js';
import { nullWhereDamaged } from '../../catalog/log-repository.js';
import type { RepositorySettings } from '../../config/config.js';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Repository } from '../../repositories/repository.js';

/** What does not work out now is tried by the next run of `copy`: it fails no copy of a backup. */
export const copyLog = async (
  deployment: string,
  { from, to }: { from: readonly RepositorySettings[]; to: RepositorySettings },
  effect: Effect,
): Promise<void> => {
  for (const settings of from) {
    try {
      await fill(deployment, { source: openRepository(settings), target: openRepository(to) }, effect);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
};

const fill = async (
  deployment: string,
  { source, target }: { source: Repository; target: Repository },
  effect: Effect,
): Promise<void> => {
  const held = new Set((await target.list(logFolderIn(deployment))).map(({ key }) => key));
  for (const { key } of await source.list(logFolderIn(deployment))) {
    const name = key.slice(key.lastIndexOf('/') + 1);
    if (held.has(key) || !isLogName(name)) continue;
    const bytes = await source.get(key).catch(nullWhereDamaged);
    if (bytes !== null && parseLogObject(bytes, { deployment, name }) !== null)
      await target.put(key, bytes, effect);
  }
};
