// Two renames: the live folder aside, the incoming one into its place. Which of them are done is told by identity alone.
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import { syncFolder } from '../tools/sync.js';
import { identityOf, sameIdentity } from './identity.js';
import { statusOf } from './status.js';
import { explained } from './swap-failure.js';
import type { TreeSwap } from './tree-swap-plan.js';

export const renameState = async (swap: TreeSwap): Promise<'old' | 'new' | 'between'> => {
  const live = await identityOf(swap.live);
  if (sameIdentity(live, swap.incomingIdentity)) return 'new';
  return sameIdentity(live, swap.liveIdentity) ? 'old' : 'between';
};

export const renameForward = async (swap: TreeSwap, effect: Effect): Promise<void> => {
  if ((await renameState(swap)) === 'new') return await syncParents(swap);
  if (!sameIdentity(await identityOf(swap.incoming), swap.incomingIdentity)) throw lost(swap, swap.incoming);
  await moveLiveAside(swap, effect);
  await move(`put the restored ${swap.tree} in place`, swap.incoming, swap.live, effect);
};

export const renameBack = async (swap: TreeSwap, effect: Effect): Promise<void> => {
  if ((await renameState(swap)) === 'new') {
    await move(`take the restored ${swap.tree} out`, swap.live, swap.incoming, effect);
  }
  if (swap.liveIdentity === null || (await renameState(swap)) === 'old') return await syncParents(swap);
  if (!sameIdentity(await identityOf(swap.outgoing), swap.liveIdentity)) throw lost(swap, swap.outgoing);
  await move(`put the previous ${swap.tree} back`, swap.outgoing, swap.live, effect);
};

/** An empty folder that somebody made at `live` meanwhile is replaced by the next rename; anything else makes that fail. */
const moveLiveAside = async (swap: TreeSwap, effect: Effect): Promise<void> => {
  const live = await identityOf(swap.live);
  if (swap.liveIdentity === null) return await makeParents(swap, effect);
  if (sameIdentity(live, swap.liveIdentity)) {
    return await move(`move the live ${swap.tree} aside`, swap.live, swap.outgoing, effect);
  }
  if (!sameIdentity(await identityOf(swap.outgoing), swap.liveIdentity)) throw lost(swap, swap.live);
};

const makeParents = async (swap: TreeSwap, effect: Effect): Promise<void> => {
  const parent = dirname(swap.live);
  if (await statusOf(parent)) return;
  const what = `make the folder ${parent}`;
  await effect(what, () => explained(what, () => mkdir(parent, { recursive: true })));
};

const move = async (what: string, from: string, to: string, effect: Effect): Promise<void> => {
  await effect(what, () => explained(`${what} (${from} to ${to})`, () => rename(from, to)));
  for (const parent of new Set([dirname(to), dirname(from)])) await syncFolder(parent);
};

/** A rename that was done just before a crash may not have been flushed. */
const syncParents = async (swap: TreeSwap): Promise<void> => {
  for (const parent of new Set([swap.live, swap.incoming, swap.outgoing].map(dirname))) {
    if (await statusOf(parent)) await syncFolder(parent);
  }
};

const lost = (swap: TreeSwap, path: string): Failure =>
  new Failure('TREE_NOT_SWAPPABLE', `${path} is not the folder it was when the swap of ${swap.tree} began`, {
    hint: `look at ${swap.live}, ${swap.incoming} and ${swap.outgoing}; move what is in the way, then try again`,
  });
