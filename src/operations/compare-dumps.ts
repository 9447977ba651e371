// Whether two dumps say the same, object by object and in any order. What PostgreSQL writes otherwise each time that it
// reads its own words back is no difference.
import type { DumpLine, DumpPiece, DumpVersions } from '../tools/dump-lines.js';

export interface DumpDifferences {
  /** One line each: rows that differ, objects that are defined otherwise, missing, or too many. */
  lines: string[];
  /** Rows of tables that an extension owns: it may fill them in another way on another server. */
  ofExtensions: string[];
  /** Definitions were left out: other major versions write them otherwise. */
  dataOnly: boolean;
  /** Objects that were compared. */
  objects: number;
}

export interface DumpComparison {
  /** One after the other, or both at once. */
  take: (side: Side, line: DumpLine) => void;
  /** @param tables of which the manifest counts the rows */
  differences: (tables: readonly { schema: string; name: string }[]) => DumpDifferences;
}

type Side = 'backup' | 'restored';

export const compareDumps = (): DumpComparison => {
  const sides = { backup: openSide(), restored: openSide() };
  let objects = 0;
  const take = (side: Side, piece: DumpPiece): void => {
    const name = `${piece.type} ${nameOf(piece)}`;
    const other = sides[side === 'backup' ? 'restored' : 'backup'].open;
    const others = other.get(name) ?? [];
    const match = others.findIndex((one) => alike(piece, one));
    if (side === 'backup') objects += 1;
    if (match !== -1) others.splice(match, 1);
    if (match !== -1 && others.length === 0) other.delete(name);
    if (match === -1) sides[side].open.set(name, [...(sides[side].open.get(name) ?? []), piece]);
  };
  return {
    take: (side, line) => {
      if ('piece' in line) take(side, line.piece);
      else if (line.versions !== undefined) sides[side].versions = line.versions;
    },
    differences: (tables) => {
      const { backup, restored } = sides;
      const dataOnly =
        backup.versions.server !== restored.versions.server ||
        backup.versions.program !== restored.versions.program;
      const known = new Set(tables.map(({ schema, name }) => JSON.stringify([schema, oneLine(name)])));
      const lines: string[] = [];
      const ofExtensions: string[] = [];
      for (const [wanted, found] of pairs(backup.open, restored.open)) {
        const piece = wanted ?? found;
        if (piece === undefined || (dataOnly && !DATA.has(piece.type))) continue;
        const owned = piece.type === 'TABLE DATA' && !known.has(JSON.stringify([piece.schema, piece.name]));
        (owned ? ofExtensions : lines).push(inWords(wanted, found));
      }
      return { lines, ofExtensions, dataOnly, objects };
    },
  };
};

type Open = Map<string, DumpPiece[]>;

interface OpenSide {
  /** What the other side has not shown yet, or has shown otherwise. Several may have one name: rights of several roles. */
  open: Open;
  versions: DumpVersions;
}

const openSide = (): OpenSide => ({ open: new Map(), versions: { server: null, program: null } });

type Pair = [wanted: DumpPiece | undefined, found: DumpPiece | undefined];

const pairs = (wanted: Open, found: Open): Pair[] =>
  [...new Set([...wanted.keys(), ...found.keys()])].flatMap((name) => {
    const [before = [], after = []] = [wanted.get(name), found.get(name)];
    const count = Math.max(before.length, after.length);
    return Array.from({ length: count }, (_, index): Pair => [before[index], after[index]]);
  });

const DATA: ReadonlySet<string> = new Set(['TABLE DATA', 'SEQUENCE SET', 'BLOBS', 'BLOB']);

const alike = (one: DumpPiece, other: DumpPiece): boolean => {
  if (one.sha256 === other.sha256) return true;
  if (one.text === null || other.text === null) return false;
  if (/ACL$/.test(one.type)) return sortedLines(one.text) === sortedLines(other.text);
  return bare(one.text) === bare(other.text);
};

/** In which order rights were given is not kept. */
const sortedLines = (text: string): string => text.split('\n').sort().join('\n');

/**
 * `status = ANY ((ARRAY['a'::character varying])::text[])` comes back as `ANY (ARRAY[('a'::character varying)::text])`: without
 * brackets, casts and white space the two are one.
 */
const bare = (text: string): string =>
  text.replace(QUOTED_OR_IDLE, (found) => (/^['$]/.test(found) ? found : ''));

const CAST =
  /::(?:"[^"]+"|[a-z_][\w.]*)(?: varying| precision| with(?:out)? time zone)?(?:\(\d+(?:,\d+)?\))?(?:\[\])*/;
/** What is quoted stays as it is: constants, and the bodies of functions. */
const QUOTED_OR_IDLE = new RegExp(`'(?:[^']|'')*'|(\\$\\w*\\$)[^]*?\\1|${CAST.source}|[()\\s]`, 'g');

const oneLine = (name: string): string => name.replace(/[\r\n]/g, ' ');

const nameOf = ({ schema, name }: DumpPiece): string => (schema === '-' ? name : `${schema}.${name}`);

const inWords = (wanted: DumpPiece | undefined, found: DumpPiece | undefined): string => {
  const piece = wanted ?? found;
  if (piece === undefined) return '';
  const what =
    piece.type === 'TABLE DATA' ? `rows of ${nameOf(piece)}` : `${piece.type.toLowerCase()} ${nameOf(piece)}`;
  if (found === undefined) return `${what}: not there after the restore`;
  if (wanted === undefined) return `${what}: not in the backup`;
  if (wanted.text === null || found.text === null) return `${what}: not the same`;
  return `${what}: ${firstDifference(wanted.text, found.text)}`;
};

const firstDifference = (wanted: string, found: string): string => {
  const [before, after] = [wanted.split('\n'), found.split('\n')];
  const at = before.findIndex((line, index) => line !== after[index]);
  const index = at === -1 ? before.length : at;
  return `line ${index + 1} is ${shown(after[index])} instead of ${shown(before[index])}`;
};

const shown = (line: string | undefined): string =>
  line === undefined ? 'missing' : `“${Buffer.from(line, 'latin1').toString('utf8').trim().slice(0, 160)}”`;
