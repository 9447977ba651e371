// Which paths a second archive must hold so that nothing that existed all the time is lost.
import type { NamedEntry } from './names.js';

/**
 * What is there now and was not archived, and the folders above it, since adding to a folder changes its times.
 * @param listed what the first archive holds
 */
export const unlistedWithParents = (now: readonly NamedEntry[], listed: readonly NamedEntry[]): string[] => {
  const archived = new Set(listed.map(({ path }) => path));
  const wanted = new Set<string>();
  for (const { path, kind } of now) {
    if (archived.has(path) || kind === 'socket') continue;
    wanted.add(path);
    for (const parent of parentsOf(path)) wanted.add(parent);
  }
  return [...wanted].sort();
};

const parentsOf = (path: string): string[] => {
  const parts = path.split('/').slice(0, -1);
  return ['.', ...parts.map((_part, index) => parts.slice(0, index + 1).join('/'))];
};
