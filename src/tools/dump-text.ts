// A dump as the SQL that pg_dump and pg_restore print, object by object as it streams by: definitions as text, data as a
// hash. What says when and by whom it was printed, and not what was dumped, is left out.
import { createHash, type Hash } from 'node:crypto';
import type { DumpPiece, DumpVersions } from './dump-lines.js';

export interface DumpReader {
  /** The chunk's memory may be used again when it returns. */
  take: (chunk: Buffer) => void;
  /** The last piece ends. */
  end: () => DumpVersions;
}

export const readDumpText = (onPiece: (piece: DumpPiece) => void): DumpReader => {
  const versions: DumpVersions = { server: null, program: null };
  let rest: Buffer = Buffer.alloc(0);
  let current: Current | null = null;
  let copying = false;

  const line = (bytes: Buffer): void => {
    const header = mayBeHeader(bytes) ? HEADER.exec(bytes.toString('utf8')) : null;
    if (header !== null) {
      const next = pieceOf(header);
      // Each large object has a header of its own, and there may be millions of them.
      if (next.type === 'BLOB' && current?.type === 'BLOB') current.hash.update(header[0]);
      else {
        if (current !== null) onPiece(finished(current));
        current = next;
      }
    } else if (current === null) noteVersion(versions, bytes.toString('utf8'));
    else {
      add(current, bytes);
      copying = current.type === 'TABLE DATA' && COPY.test(bytes.toString('latin1'));
    }
  };

  /** Rows are not copied only because a few bytes before them wait for their end: those are rows as well. */
  const joined = (chunk: Buffer): Buffer => {
    if (rest.length === 0) return chunk;
    const seam = chunk.subarray(0, ROWS_END.length - 1);
    if (!copying || Buffer.concat([rest, seam]).includes(ROWS_END)) return Buffer.concat([rest, chunk]);
    if (seam.length < ROWS_END.length - 1) return Buffer.concat([rest, chunk]);
    current?.hash.update(rest);
    return chunk;
  };

  return {
    take: (chunk) => {
      const buffer = joined(chunk);
      let at = 0;
      for (;;) {
        const end = copying ? buffer.indexOf(ROWS_END, at) : buffer.indexOf(NEWLINE, at);
        if (end === -1) break;
        if (copying) {
          current?.hash.update(buffer.subarray(at, end));
          copying = false;
          at = end + ROWS_END.length;
        } else {
          line(buffer.subarray(at, end));
          // The line's own end begins the rows: the first one may be their end already.
          at = copying ? end : end + 1;
        }
      }
      const kept = copying ? Math.max(at, buffer.length - ROWS_END.length + 1) : at;
      current?.hash.update(buffer.subarray(at, kept));
      rest = Buffer.from(buffer.subarray(kept));
    },
    end: () => {
      if (current !== null) onPiece(finished(current));
      return versions;
    },
  };
};

const NEWLINE = 10;
const ROWS_END = Buffer.from('\n\\.\n');
const COPY = /^COPY .* FROM stdin;$/;

/** Three names of at most 63 bytes, and of functions their arguments' types. */
const LONGEST_HEADER = 20_000;
const HYPHEN = 45;
const mayBeHeader = (line: Buffer): boolean => line[0] === HYPHEN && line.length < LONGEST_HEADER;
const HEADER = /^-- (Data for )?Name: (.*); Type: ([A-Z ]+); Schema: (.*); Owner: .*$/s;

interface Current {
  type: string;
  schema: string;
  name: string;
  data: boolean;
  lines: string[];
  hash: Hash;
}

const pieceOf = ([, data, name = '', type = '', schema = '']: RegExpExecArray): Current => {
  const hash = createHash('sha256');
  const common = { schema, lines: [], hash };
  return type === 'BLOB' || type === 'BLOB METADATA'
    ? { ...common, type: 'BLOB', name: 'large objects', data: true }
    : { ...common, type, name, data: data !== undefined };
};

const add = (current: Current, bytes: Buffer): void => {
  if (!current.data) {
    current.lines.push(bytes.toString('latin1'));
    return;
  }
  if (bytes.length < LONGEST_NOISE && NOISE.test(bytes.toString('latin1'))) return;
  current.hash.update(bytes).update('\n');
};

/** What stands between two objects belongs to neither. */
const LONGEST_NOISE = 200;
const NOISE =
  /^(?:|--|-- PostgreSQL database dump complete|\\(?:un)?restrict .*|SET default_(?:tablespace|table_access_method) = .*)$/;

const finished = ({ type, schema, name, data, lines, hash }: Current): DumpPiece => {
  if (data) return { type, schema, name, text: null, sha256: hash.digest('hex') };
  while (NOISE.test(lines.at(-1) ?? 'end')) lines.pop();
  while (NOISE.test(lines[0] ?? 'end')) lines.shift();
  const text = lines.join('\n').trim();
  return { type, schema, name, text, sha256: hash.update(text, 'latin1').digest('hex') };
};

const noteVersion = (versions: DumpVersions, line: string): void => {
  const [, by, major] = /^-- Dumped (from database|by pg_dump) version (\d+)/.exec(line) ?? [];
  if (by === 'by pg_dump') versions.program = Number(major);
  else if (major !== undefined) versions.server = Number(major);
};
