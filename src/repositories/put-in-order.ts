// Small objects of one folder, of which each is worth something only once those before it are there.
import type { Effect } from '../domain/effect.js';
import type { LeftForLater, Repository, SmallObject } from './repository.js';

/** One after the other, or all at once where the repository can do that, and with them what was left for later. */
export const putInOrder = async (
  repository: Repository,
  objects: readonly SmallObject[],
  effect: Effect,
  later?: LeftForLater,
): Promise<void> => {
  if (objects.length > 1 && repository.putTogether !== undefined)
    return repository.putTogether(objects, effect, later);
  for (const { key, bytes } of objects) await repository.put(key, bytes, effect);
};
