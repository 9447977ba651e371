// One line of tar's listing: `-rw-r--r--  0/0               3 2026-11-21 12:04:24.757112111 "./a/x"`.
import { readQuoted } from '../tools/c-quoting.js';
import { type Entry, type EntryKind, SYMLINK_MODE } from './entry.js';
import { listedModificationTime } from './modification-time.js';

export type ListingLine =
  | { is: 'entry'; entry: Entry }
  /** Another name of a file listed before; only the two names are of any use. */
  | { is: 'hard link'; path: string; target: string };

/** Made by tar -vv --full-time --utc --numeric-owner --quoting-style=c. null: not such a line. */
export const parseListingLine = (line: string): ListingLine | null => {
  const match = LINE.exec(line);
  const name = match && readQuoted(line, match[0].length);
  if (!match || !name) return null;
  const [, letter = '', mode = '', uid, gid, size, time = ''] = match;
  const path = relative(name.text);
  if (letter === 'h') {
    const target = readTail(line, name.end, ' link to ');
    return target === null ? null : { is: 'hard link', path, target: relative(target) };
  }
  const kind = KINDS[letter];
  const mtime = listedModificationTime(time.trim());
  const link = kind === 'symlink' ? readTail(line, name.end, ' -> ') : '';
  if (kind === undefined || mtime === null || link === null) return null;
  return {
    is: 'entry',
    entry: {
      path,
      kind,
      mode: kind === 'symlink' ? SYMLINK_MODE : modeOf(mode),
      uid: Number(uid),
      gid: Number(gid),
      size: kind === 'file' ? Number(size) : 0,
      mtime,
      link,
      hardLinkOf: '',
    },
  };
};

/** Letter, mode, a mark for access lists and attributes (`+`, `*`, `.`), owner/group, size or device numbers, time. */
const LINE = /^(.)([-rwxsStT]{9})[ .+*]* (\d+)\/(\d+) +(\d+(?:,\d+)?) ([-\d.: ]+)/;

const KINDS: Readonly<Record<string, EntryKind>> = {
  '-': 'file',
  d: 'folder',
  l: 'symlink',
  p: 'fifo',
  c: 'character',
  b: 'block',
};

/** `./a/` and `./a` are `a`, `./` is `.`. */
const relative = (name: string): string => name.replace(/^\.\//, '').replace(/\/$/, '') || '.';

const readTail = (line: string, start: number, separator: string): string | null =>
  line.startsWith(separator, start) ? (readQuoted(line, start + separator.length)?.text ?? null) : null;

const modeOf = (letters: string): number => {
  let mode = 0;
  for (const [index, letter] of [...letters].entries()) {
    if (letter !== '-' && letter !== 'S' && letter !== 'T') mode |= 0o400 >> index;
  }
  if (/[sS]/.test(letters[2] ?? '')) mode |= 0o4000;
  if (/[sS]/.test(letters[5] ?? '')) mode |= 0o2000;
  if (/[tT]/.test(letters[8] ?? '')) mode |= 0o1000;
  return mode;
};
