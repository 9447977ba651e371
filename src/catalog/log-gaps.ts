// What is missing from a log, told by its entries alone: each names the one before, so that what was taken out is missed.
import type { StoredEntry } from './log-object.js';

/** One sentence each; none: it is whole. @param last what this host remembers as the last one; null: it does not */
export const gapsIn = (
  entries: readonly StoredEntry[],
  last: { name: string; sha256: string } | null,
): string[] => {
  const held = new Set(entries.map(idOf));
  const lacking = (one: { name: string; sha256: string } | null): boolean =>
    one !== null && !held.has(idOf(one));
  return [
    ...entries.flatMap(({ name, entry: { previous } }) =>
      previous !== null && lacking(previous) ? [`${name} names ${previous.name}, which is nowhere`] : [],
    ),
    ...(last !== null && lacking(last)
      ? [`${last.name} is nowhere, and this host knows that it was the last one`]
      : []),
    ...forks(entries),
    ...(entries.filter(({ entry }) => entry.previous === null).length > 1 ? begins(entries) : []),
  ];
};

/** Two hosts may go on behind the same entry; one host never does: it was put back to an earlier state, or something was exchanged. */
const forks = (entries: readonly StoredEntry[]): string[] => {
  const following = new Map<string, string[]>();
  for (const { name, entry } of entries) {
    if (entry.previous === null) continue;
    const key = `${entry.instance} ${idOf(entry.previous)}`;
    following.set(key, [...(following.get(key) ?? []), name]);
  }
  return [...following].flatMap(([key, names]) =>
    names.length === 1 ? [] : [`${names.sort().join(' and ')} name the same one: ${key.split(' ')[1]}`],
  );
};

const begins = (entries: readonly StoredEntry[]): string[] => {
  const names = entries.filter(({ entry }) => entry.previous === null).map(({ name }) => name);
  return [`${names.sort().join(' and ')} each begin the log`];
};

const idOf = ({ name, sha256 }: { name: string; sha256: string }): string => `${name} ${sha256}`;
