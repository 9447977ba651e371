// An archive as files in folders: a piece each, cut at its members, whose name is its number. restic deduplicates them far better than a
// stream. What lies on the disk at a time is bounded.
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import type { IntakeLine } from './intake.js';
import { tarCutter } from './tar-cutter.js';
import { writeAll } from './write-all.js';

/** Bytes of one part. Two of them lie on the disk: one is filled while the other one is stored. A smaller one costs as long
 * for restic to open its repository as to store it. */
const PART_BYTES = 512 << 20;

/** @param folder what folders of pieces are called, before a dot and a number; the one above it exists */
export const piecesInto = (folder: string, say: (line: IntakeLine) => void, partBytes = PART_BYTES) => {
  const cutter = tarCutter();
  let part = 0;
  let pieces = 0;
  let bytes = 0;
  let before = 0;
  let file: number | null = null;
  const write = (chunk: Buffer): void => {
    if (chunk.length === 0) return;
    if (bytes === 0) beginFolder(folder, part, () => say({ bytes: before }));
    file ??= openSync(`${folder}.${part}/${String(pieces).padStart(9, '0')}`, 'wx', 0o600);
    writeAll(file, chunk);
    bytes += chunk.length;
  };
  const endPiece = (): void => {
    if (file === null) return;
    closeSync(file);
    file = null;
    pieces++;
  };
  const endPart = (): void => {
    endPiece();
    if (bytes === 0) return;
    say({ part, bytes });
    part++;
    before += bytes;
    pieces = 0;
    bytes = 0;
  };
  return {
    small: (all: Buffer): void => writeAll(1, all),
    write: (chunk: Buffer): void => {
      let from = 0;
      for (const end of cutter.cuts(chunk)) {
        write(chunk.subarray(from, end));
        endPiece();
        from = end;
      }
      write(chunk.subarray(from));
      if (bytes >= partBytes) endPart();
    },
    end: endPart,
  };
};

/** Once the last one but one is stored, which is when it is gone. Over a slow line that takes longer than whoever moves no byte is given. */
const beginFolder = (folder: string, part: number, lives: () => void): void => {
  for (let waited = 0; part > 1 && existsSync(`${folder}.${part - 2}`); waited += NAP_MS) {
    if (waited % SAY_EVERY_MS === 0) lives();
    sleep(NAP_MS);
  }
  mkdirSync(`${folder}.${part}`, { mode: 0o700 });
};

const NAP_MS = 20;
const SAY_EVERY_MS = 1_000;

const sleep = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};
