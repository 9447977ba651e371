// A folder that was staged gets the name under which it stays. Safe to repeat.
import { rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Effect } from '../domain/effect.js';
import { syncFolder } from '../tools/sync.js';
import { statusOf } from './status.js';
import { explained } from './swap-failure.js';

export interface PutAside {
  tree: string;
  /** Where it was staged, and where it stays: both in the tree's own folder. */
  from: string;
  to: string;
}

export const putAside = async ({ tree, from, to }: PutAside, effect: Effect): Promise<void> => {
  if ((await statusOf(from)) === null) return;
  const what = `put ${tree} beside what is there`;
  await effect(what, () => explained(`${what} (${from} to ${to})`, () => rename(from, to)));
  await syncFolder(dirname(to));
};
