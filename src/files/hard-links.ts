// Which names of a tree are one file.
import type { Entry } from './entry.js';

/** Writes `hardLinkOf` into the entries of each group: names that share an inode, in any order. */
export const nameHardLinks = (groups: Iterable<readonly Entry[]>): void => {
  for (const group of groups) {
    const [first] = group.map((entry) => entry.path).sort();
    if (first === undefined) continue;
    for (const entry of group) entry.hardLinkOf = entry.path === first ? '' : first;
  }
};
