// One name in a tree with everything that a restore must bring back, whether it was read from the disk or from tar's listing.

export type EntryKind = 'file' | 'folder' | 'symlink' | 'fifo' | 'character' | 'block' | 'socket';

export interface Entry {
  /** A byte string (path-bytes.ts), relative, without a leading `./`; the root itself is `.`. */
  path: string;
  kind: EntryKind;
  /** The lower twelve bits. Of a symlink always 0777: it has no mode of its own. */
  mode: number;
  uid: number;
  gid: number;
  /** Bytes of a file; 0 for everything else. */
  size: number;
  /** modification-time.ts. tar brings it back for every kind, symlinks and folders too. */
  mtime: string;
  /** What a symlink says, as a byte string; '' for everything else. */
  link: string;
  /** The byte-wise smallest of the names that share this inode inside the tree; '' for that one itself and for everything alone. */
  hardLinkOf: string;
}

export const SYMLINK_MODE = 0o777;
