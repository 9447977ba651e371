// What went into an archive, from tar's own listing: the busy tree is not asked again.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Failure } from '../domain/failure.js';
import type { Entry } from './entry.js';
import { nameHardLinks } from './hard-links.js';
import { type ListingLine, parseListingLine } from './listing-line.js';

/**
 * The entries of a listing written by `tar --create -vv --full-time --utc --numeric-owner --quoting-style=c --index-file=FILE`.
 * Sockets never are in it. Fails with TOOL_FAILED on a line it does not understand: nothing is left out in silence.
 */
export const readListing = async (file: string): Promise<Entry[]> => {
  const entries = new Map<string, Entry>();
  const groups = new Map<string, Entry[]>();
  const input = createReadStream(file, { encoding: 'latin1' });
  try {
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = parseListingLine(text);
      const entry = line && entryOf(line, entries);
      if (!entry) throw new Failure('TOOL_FAILED', 'cannot read tar’s listing', { evidence: text });
      entries.set(entry.path, entry);
      if (line.is === 'hard link') groupOf(groups, entries, line.target).push(entry);
    }
  } finally {
    input.destroy();
  }
  nameHardLinks(groups.values());
  return [...entries.values()];
};

/** A hard link has its target's attributes: the line itself shows a size of 0. */
const entryOf = (line: ListingLine, before: ReadonlyMap<string, Entry>): Entry | null => {
  if (line.is === 'entry') return line.entry;
  const target = before.get(line.target);
  return target ? { ...target, path: line.path } : null;
};

const groupOf = (
  groups: Map<string, Entry[]>,
  entries: ReadonlyMap<string, Entry>,
  target: string,
): Entry[] => {
  const first = entries.get(target);
  const group = groups.get(target) ?? (first ? [first] : []);
  groups.set(target, group);
  return group;
};
