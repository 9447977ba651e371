// Cuts a tar archive into pieces at the borders of its members, so that a file that changed makes one small piece new and
// not the megabyte around it. Put together again the pieces are the archive, byte for byte, whatever is made of its headers
// here: who reads them wrongly only cuts in a worse place.
const BLOCK = 512;

/** A member of this size or more gets a piece of its own; smaller ones share pieces of about this size. Bytes. */
const SMALL = 32 << 10;

/** Of small members, every so many ends a piece: by its name, so that a new one moves no border but its own. */
const SHARED_BY = 8;

export interface Cutter {
  /** Where pieces end in what comes next: offsets in the chunk, in order. */
  cuts(chunk: Buffer): number[];
}

export const tarCutter = (): Cutter => {
  const header = Buffer.alloc(BLOCK);
  let filled = 0;
  /** Bytes of the present member’s contents that are still to come, padding included. */
  let contents = 0;
  let inPiece = 0;
  /** Between headers that describe the next one (a long name, pax records) and that one nothing is cut. */
  let described = false;
  let ends = false;
  return {
    cuts: (chunk) => {
      const found: number[] = [];
      let at = 0;
      const take = (bytes: number): void => {
        at += bytes;
        inPiece += bytes;
      };
      const cut = (): void => {
        if (inPiece > 0) found.push(at);
        inPiece = 0;
      };
      while (at < chunk.length) {
        if (contents > 0) {
          const step = Math.min(contents, chunk.length - at);
          contents -= step;
          take(step);
        } else {
          const step = Math.min(BLOCK - filled, chunk.length - at);
          chunk.copy(header, filled, at, at + step);
          filled += step;
          take(step);
          if (filled < BLOCK) break;
          filled = 0;
          const member = readHeader(header);
          contents = member.contents;
          described = member.describesNext;
          ends = !described && (inPiece + contents >= SMALL || nameHash(header) % SHARED_BY === 0);
        }
        if (contents === 0 && filled === 0 && !described && ends) cut();
      }
      return found;
    },
  };
};

/** pax records, GNU's long names and links. */
const DESCRIBES_NEXT = new Set(['x', 'g', 'L', 'K']);

const readHeader = (header: Buffer): { contents: number; describesNext: boolean } => {
  if (header.toString('latin1', 257, 262) !== 'ustar') return { contents: 0, describesNext: false };
  const size = sizeOf(header.subarray(124, 136));
  return {
    contents: Math.ceil(size / BLOCK) * BLOCK,
    describesNext: DESCRIBES_NEXT.has(header.toString('latin1', 156, 157)),
  };
};

/** Octal digits, or GNU's binary number. */
const sizeOf = (field: Buffer): number => {
  if (((field[0] ?? 0) & 0x80) !== 0) return Number(field.readBigUInt64BE(4));
  const size = Number.parseInt(field.toString('latin1').replace(/[\0 ]+.*$/s, ''), 8);
  return Number.isSafeInteger(size) ? size : 0;
};

/** FNV-1a of the name field. */
const nameHash = (header: Buffer): number => {
  let hash = 0x811c9dc5;
  for (const byte of header.subarray(0, 100)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
};
