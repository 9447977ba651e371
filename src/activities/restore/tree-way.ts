// How a tree's place is taken: by one rename, unless something goes on holding the folder itself.
import { readdir } from 'node:fs/promises';
import type { TreeSettings } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';
import type { ServiceUnit } from '../../services/service.js';
import { heldByContainers } from '../../tools/bind-mounts.js';

/**
 * `children`: the folder stays, and what is in it moves. A container that is stopped for the swap finds the new folder when
 * it starts; another one would keep the old one. undefined: as the filesystem wants it.
 * @throws TREE_NOT_SWAPPABLE where a container that goes on running mounts something inside the tree
 */
export const treeWay = async (
  { name, path, volume }: TreeSettings,
  services: readonly ServiceUnit[],
): Promise<'children' | undefined> => {
  if (volume !== undefined) return 'children';
  const stopped = services.flatMap((unit) => (unit.kind === 'container' ? [unit.id] : []));
  const holding = (await heldByContainers(path)).filter(({ id }) => !stopped.includes(id));
  const inside = holding.find(({ whole }) => !whole);
  if (inside === undefined) return holding.length > 0 || (await keepsPrevious(path)) ? 'children' : undefined;
  throw new Failure(
    'TREE_NOT_SWAPPABLE',
    `the container ${inside.name} mounts a part of files ${name}, and would go on using the replaced one`,
    { hint: 'name it under services, so that it is stopped for a restore' },
  );
};

/** What an earlier restore replaced lies in it: a rename would carry that away. */
const keepsPrevious = async (path: string): Promise<boolean> =>
  (await readdir(path).catch(() => [])).some((name) => name.startsWith('.holdfast-'));
