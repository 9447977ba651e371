// What an entry of a folder is.
import type { EntryKind } from './entry.js';

/** What lstat and readdir both answer. */
interface Kinds {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isCharacterDevice(): boolean;
  isBlockDevice(): boolean;
}

export const kindOf = (found: Kinds): EntryKind => {
  if (found.isFile()) return 'file';
  if (found.isDirectory()) return 'folder';
  if (found.isSymbolicLink()) return 'symlink';
  if (found.isFIFO()) return 'fifo';
  if (found.isCharacterDevice()) return 'character';
  return found.isBlockDevice() ? 'block' : 'socket';
};
