// The files that changed or went while they were read, by name.
import { printable } from '../../files/path-bytes.js';

export interface ReadWarnings {
  add: (kind: 'changed' | 'vanished' | 'shrunk', path: string) => void;
  /** As they stand in the manifest. */
  named: () => { changed: string[]; vanished: string[] };
}

export const readWarnings = (): ReadWarnings => {
  const changed = new Set<string>();
  const vanished = new Set<string>();
  const add: ReadWarnings['add'] = (kind, path) => {
    const names = kind === 'vanished' ? vanished : changed;
    if (names.size < MOST_NAMES) names.add(printable(path));
  };
  return { add, named: () => ({ changed: [...changed].sort(), vanished: [...vanished].sort() }) };
};

/** A tree whose every second file changes is not worth more names than this. */
const MOST_NAMES = 10_000;
