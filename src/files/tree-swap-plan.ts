// What a swap changes from and to, as a plain object: written into the operation record before the first rename.
import { dirname, resolve } from 'node:path';
import { Failure } from '../domain/failure.js';
import { childrenOf } from './children.js';
import { existingAncestor } from './existing-ancestor.js';
import { type FileIdentity, identityOf } from './identity.js';
import { isMountPoint } from './mounts.js';
import { statusOf } from './status.js';
import { requireSwappable } from './swappable.js';

export interface TreeSwap {
  /** The tree's name. */
  tree: string;
  /** Absolute path of the tree. */
  live: string;
  /**
   * `children`: `live` is a mount point, or a container that runs holds it. What is in it moves one by one; a side folder
   * of this restore lies inside it.
   */
  way: 'rename' | 'children';
  /** Absolute path of the staged folder, or, for an undo, of the kept one. */
  incoming: string;
  /** Absolute path the replaced data goes to. Nothing is there yet. */
  outgoing: string;
  incomingIdentity: FileIdentity;
  /** null: the tree is gone; it is simply created, folders above it too. */
  liveIdentity: FileIdentity | null;
  /** What is directly in the incoming folder: names are byte strings. Empty for `rename`. */
  incomingChildren: { name: string; inode: string }[];
}

/** Looks at the world as it is now, so call it once, before the swap begins. Fails where the swap could not be done. */
export const describeTreeSwap = async (given: {
  tree: string;
  live: string;
  incoming: string;
  outgoing: string;
}): Promise<TreeSwap> => {
  const live = resolve(given.live);
  const isInside = (side: string): boolean => dirname(resolve(side)) === live;
  const way = isInside(given.incoming) || isInside(given.outgoing) ? 'children' : 'rename';
  const incomingIdentity = await identityOf(given.incoming);
  if (!incomingIdentity) throw missing(given.incoming);
  await requireSwappable(live);
  if (await statusOf(given.outgoing)) throw occupied(given.outgoing);
  await requireOneFilesystem(live, way, incomingIdentity);
  return {
    ...given,
    live,
    way,
    incomingIdentity,
    liveIdentity: await identityOf(live),
    incomingChildren: way === 'children' ? await childrenOf(given.incoming) : [],
  };
};

const requireOneFilesystem = async (
  live: string,
  way: TreeSwap['way'],
  incoming: FileIdentity,
): Promise<void> => {
  const place = await identityOf(await existingAncestor(live));
  const split = place?.device !== incoming.device || (way === 'rename' && (await isMountPoint(live)));
  if (!split) return;
  throw new Failure('TREE_NOT_SWAPPABLE', `the restored files are on another filesystem than ${live}`, {
    hint: 'start the restore again: where they are staged is chosen afresh',
  });
};

const missing = (folder: string): Failure =>
  new Failure('TREE_MISSING', `the restored files are gone: there is no ${folder}`, {
    hint: 'start the restore again',
  });

const occupied = (folder: string): Failure =>
  new Failure('TREE_NOT_SWAPPABLE', `${folder} is there already`, {
    hint: 'look at it, move it away, then start the restore again',
  });
