// The swap inside a folder that stays, a mount point or one that a container holds: what is in it moves into a side folder, and what is in the other
// side folder moves out, one rename each. Both directions are the same exchange. A side folder lasts as long as its data is
// not live: `outgoing` is made first and `incoming` removed last, so which of the two are there tells how far it got, and
// inodes tell what belongs where. Folders are flushed after each phase, not each rename: of a phase, whatever part may be lost.
import { rename, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Effect } from '../domain/effect.js';
import { Failure } from '../domain/failure.js';
import { syncFolder } from '../tools/sync.js';
import { type Child, childrenOf } from './children.js';
import { identityOf, sameIdentity } from './identity.js';
import { absoluteBytes, printable } from './path-bytes.js';
import { giveAttributes, holdsAttributes, keepAttributes } from './root-attributes.js';
import { statusOf } from './status.js';
import { explained } from './swap-failure.js';
import type { TreeSwap } from './tree-swap-plan.js';

export const childrenState = async (swap: TreeSwap): Promise<'old' | 'new' | 'between'> => {
  if (!(await isLiveItself(swap))) return 'between';
  const incoming = (await statusOf(swap.incoming)) !== null;
  const outgoing = (await statusOf(swap.outgoing)) !== null;
  if (incoming !== outgoing) return incoming ? 'old' : 'new';
  if (incoming) return 'between';
  return (await childrenOf(swap.live)).some(isIncoming(swap)) ? 'new' : 'old';
};

export const childrenForward = async (swap: TreeSwap, effect: Effect): Promise<void> => {
  await requireLiveItself(swap);
  if ((await childrenState(swap)) === 'new') return await syncFolder(swap.live);
  const isOurs = isIncoming(swap);
  const sides = { arriving: swap.incoming, leaving: swap.outgoing, leaves: (child: Child) => !isOurs(child) };
  await exchange(swap.live, sides, effect);
};

export const childrenBack = async (swap: TreeSwap, effect: Effect): Promise<void> => {
  await requireLiveItself(swap);
  if ((await childrenState(swap)) === 'old') return await syncFolder(swap.live);
  const sides = { arriving: swap.outgoing, leaving: swap.incoming, leaves: isIncoming(swap) };
  await exchange(swap.live, sides, effect);
};

interface Sides {
  /** The side folder whose data becomes live. */
  arriving: string;
  /** The side folder for what is live now; `leaves` says which children that is. */
  leaving: string;
  leaves: (child: Child) => boolean;
}

const exchange = async (
  live: string,
  { arriving, leaving, leaves }: Sides,
  effect: Effect,
): Promise<void> => {
  if (!(await statusOf(arriving))) throw gone(arriving);
  await keepAttributes(live, leaving, effect);
  await syncFolder(live);
  for (const child of (await childrenOf(live)).filter(leaves)) await move(child.name, live, leaving, effect);
  await syncFolder(leaving);
  await syncFolder(live);
  if (await holdsAttributes(arriving)) await moveIn(live, { arriving, leaving }, effect);
  const what = `remove the empty folder ${arriving}`;
  await effect(what, () => explained(what, () => rmdir(arriving)));
  await syncFolder(live);
  await syncFolder(dirname(arriving));
};

/** What an application made at a name that is needed goes to the other side, and is not lost. */
const moveIn = async (
  live: string,
  { arriving, leaving }: Pick<Sides, 'arriving' | 'leaving'>,
  effect: Effect,
): Promise<void> => {
  await giveAttributes(arriving, live, effect);
  for (const { name } of await childrenOf(arriving)) {
    if (await statusOf(absoluteBytes(live, name))) await move(name, live, leaving, effect);
    await move(name, arriving, live, effect);
  }
  await syncFolder(live);
  await syncFolder(leaving);
};

const move = async (name: string, from: string, to: string, effect: Effect): Promise<void> => {
  const target = await freeName(to, name);
  const what = `move ${printable(name)} from ${from} to ${to}`;
  await effect(what, () =>
    explained(what, () => rename(absoluteBytes(from, name), absoluteBytes(to, target))),
  );
};

/** rename(2) would replace a file of that name. */
const freeName = async (folder: string, name: string): Promise<string> => {
  let free = name;
  for (let number = 1; await statusOf(absoluteBytes(folder, free)); number += 1) {
    free = `${name.slice(0, 240)}.${number}`;
  }
  return free;
};

const isIncoming = (swap: TreeSwap): ((child: Child) => boolean) => {
  const inodes = new Set(swap.incomingChildren.map(({ inode }) => inode));
  return ({ inode }) => inodes.has(inode);
};

const isLiveItself = async (swap: TreeSwap): Promise<boolean> =>
  sameIdentity(await identityOf(swap.live), swap.liveIdentity);

const requireLiveItself = async (swap: TreeSwap): Promise<void> => {
  if (await isLiveItself(swap)) return;
  throw new Failure('TREE_NOT_SWAPPABLE', `${swap.live} is not the filesystem it was when the swap began`, {
    hint: 'mount what was mounted there, then try again',
  });
};

const gone = (folder: string): Failure =>
  new Failure('TREE_NOT_SWAPPABLE', `the data in ${folder} is gone`, {
    hint: 'restore a backup: holdfast list',
  });
