// One folder takes another one's place, by renames. Safe to repeat, and to turn round, after a crash at any point:
// what has been done is read off the identities on the disk.
import type { Effect } from '../domain/effect.js';
import { renameBack, renameForward, renameState } from './swap-by-rename.js';
import { childrenBack, childrenForward, childrenState } from './swap-children.js';
import type { TreeSwap } from './tree-swap-plan.js';

export { describeTreeSwap, type TreeSwap } from './tree-swap-plan.js';

/** Whose data is live. */
export type TreeSwapState = 'old' | 'new' | 'between';

export const treeSwapState = async (swap: TreeSwap): Promise<TreeSwapState> =>
  swap.way === 'rename' ? await renameState(swap) : await childrenState(swap);

/** To `new` from any state. */
export const swapTree = async (swap: TreeSwap, effect: Effect): Promise<void> =>
  swap.way === 'rename' ? await renameForward(swap, effect) : await childrenForward(swap, effect);

/** To `old` from any state: what was staged is at `incoming` again. */
export const swapTreeBack = async (swap: TreeSwap, effect: Effect): Promise<void> =>
  swap.way === 'rename' ? await renameBack(swap, effect) : await childrenBack(swap, effect);
