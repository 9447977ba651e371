// A tree in four numbers, the same for an archive's listing and for what was extracted from that archive.
import { createHash } from 'node:crypto';
import type { Entry } from './entry.js';
import type { NamedEntry } from './names.js';

export interface TreeSummary {
  /** Of every kind, the root included; sockets excluded, for no archive holds them. */
  entries: number;
  files: number;
  /** Of regular files; a file with several names counts once. */
  bytes: number;
  /** SHA-256 over names, kinds, modes, owners, sizes, times, link targets and hard links. */
  digest: string;
}

/** Whatever the order of `entries`. Contents are not in it: they are tar's and the artifact's checksum's business. */
export const summarize = (entries: readonly Entry[]): TreeSummary => {
  const counted = entries.filter(isArchived).sort((a, b) => (a.path < b.path ? -1 : 1));
  const files = counted.filter(({ kind }) => kind === 'file');
  const hash = createHash('sha256');
  for (const entry of counted) hash.update(`${JSON.stringify(fields(entry))}\n`);
  return {
    entries: counted.length,
    files: files.length,
    bytes: files.reduce((sum, { size, hardLinkOf }) => sum + (hardLinkOf === '' ? size : 0), 0),
    digest: hash.digest('hex'),
  };
};

/** What the walk saw and the archive lacks: moved or deleted meanwhile, or moved past tar while it read. */
export const missingFrom = (seen: readonly NamedEntry[], listed: readonly NamedEntry[]): NamedEntry[] => {
  const archived = new Set(listed.map(({ path }) => path));
  return seen.filter((entry) => isArchived(entry) && !archived.has(entry.path));
};

const isArchived = ({ kind }: NamedEntry): boolean => kind !== 'socket';

const fields = (entry: Entry): (string | number)[] => [
  entry.path,
  entry.kind,
  entry.mode.toString(8),
  entry.uid,
  entry.gid,
  entry.size,
  entry.mtime,
  entry.link,
  entry.hardLinkOf,
];
