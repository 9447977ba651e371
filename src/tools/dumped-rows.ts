// Counts the rows of every table, and the large objects, in what `pg_restore --data-only --file=-` prints: a line of a COPY
// block is a row, since line ends within values are escaped.
export interface DumpedRows {
  tables: { schema: string; name: string; rows: number }[];
  largeObjects: number;
}

const LINE_END = 10;

export const countDumpedRows = () => {
  const tables: DumpedRows['tables'] = [];
  let largeObjects = 0;
  let current: DumpedRows['tables'][number] | null = null;
  let rest: Buffer = Buffer.alloc(0);

  const line = (bytes: Buffer): void => {
    if (current !== null) {
      if (bytes.length === 2 && bytes[0] === 0x5c && bytes[1] === 0x2e) current = null;
      else current.rows += 1;
      return;
    }
    const text = bytes.toString('utf8', 0, Math.min(bytes.length, LONGEST));
    current = tableOf(text);
    if (current !== null) tables.push(current);
    else if (text.startsWith('SELECT pg_catalog.lo_open(')) largeObjects += 1;
  };

  return {
    take: (chunk: Buffer): void => {
      let at = 0;
      for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, at)) {
        const piece = chunk.subarray(at, end);
        line(rest.length === 0 ? piece : Buffer.concat([rest, piece]));
        rest = Buffer.alloc(0);
        at = end + 1;
      }
      if (at < chunk.length) rest = Buffer.concat([rest, chunk.subarray(at)]);
    },
    counted: (): DumpedRows => ({ tables, largeObjects }),
  };
};

/** A name has at most 63 bytes; quotes within it are doubled. */
const LONGEST = 400;
const COPY = /^COPY ((?:"(?:[^"]|"")+"|[^\s".]+))\.((?:"(?:[^"]|"")+"|[^\s".]+)) /;

const tableOf = (text: string): DumpedRows['tables'][number] | null => {
  const [, schema, name] = COPY.exec(text) ?? [];
  if (schema === undefined || name === undefined) return null;
  return { schema: plain(schema), name: plain(name), rows: 0 };
};

const plain = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
