// Writes the pieces of an archive into a folder, each into a file of its own whose name is its number.
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';

export interface PieceWriter {
  write(chunk: Buffer): Promise<void>;
  /** What comes next belongs to the next piece. A piece without bytes is none. */
  endPiece(): Promise<void>;
  /** In all pieces. */
  bytes(): number;
}

/** Bytes that are held in memory before they are written. */
const FLUSH = 1 << 20;

/** @param folder is made */
export const pieceWriter = async (folder: string): Promise<PieceWriter> => {
  await mkdir(folder, { mode: 0o700 });
  let bytes = 0;
  let pieces = 0;
  let waiting: Buffer[] = [];
  let held = 0;
  let file: FileHandle | null = null;
  const flush = async (): Promise<void> => {
    if (held === 0) return;
    file ??= await open(join(folder, String(pieces).padStart(9, '0')), 'wx', 0o600);
    await file.writev(waiting);
    waiting = [];
    held = 0;
  };
  return {
    write: async (chunk) => {
      if (chunk.length === 0) return;
      waiting.push(chunk);
      held += chunk.length;
      bytes += chunk.length;
      if (held >= FLUSH) await flush();
    },
    endPiece: async () => {
      await flush();
      if (file === null) return;
      await file.close();
      file = null;
      pieces++;
    },
    bytes: () => bytes,
  };
};
