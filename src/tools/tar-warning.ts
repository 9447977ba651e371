// What GNU tar says of files that changed while it read them; it then exits with 1.
import { readQuoted } from './c-quoting.js';

export interface TarWarning {
  /** A byte string (one character a byte), relative to the tree, without a leading `./`; the root itself is `.`. */
  path: string;
  /** `vanished` is not in the archive; of `shrunk` the archive holds zeros where the end was. */
  kind: 'changed' | 'vanished' | 'shrunk';
}

/** @returns null for a line that says something else */
export const parseTarWarning = (line: string): TarWarning | null => {
  const start = line.indexOf('"');
  const name = /^g?tar: "/.test(line) ? readQuoted(line, start) : null;
  if (name === null) return null;
  const said = line.slice(name.end);
  const kind = SAYINGS.find(([pattern]) => pattern.test(said))?.[1];
  return kind === undefined ? null : { path: relative(name.text), kind };
};

/** What tar left out of a list of names because it could not read it, and why; null for what is no longer there. */
export const unreadableInTar = (line: string): string | null => {
  const [, name, why] = /^g?tar: (".*"): Warning: (?:Cannot|Read error)[^:]*: (.+)$/.exec(line) ?? [];
  return name === undefined || why === 'No such file or directory' ? null : `${name}: ${why}`;
};

const SAYINGS: readonly (readonly [RegExp, TarWarning['kind']])[] = [
  [/^: file changed as we read it$/, 'changed'],
  [/^: File removed before we read it$/, 'vanished'],
  [/^: File shrank by \d+ bytes/, 'shrunk'],
];

const relative = (name: string): string => name.replace(/^\.\//, '').replace(/\/$/, '') || '.';
