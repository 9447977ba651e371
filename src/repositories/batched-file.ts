// Writes a stream's chunks in batches: one batch is on its way to the file while the next one is hashed.
import type { FileHandle } from 'node:fs/promises';

/** Bytes. A pipe gives 64 kB at a time; a system call for each would cost more than the writing. */
const BATCH = 1 << 20;

export interface BatchedFile {
  /** Waits only while the batch before is still being written. */
  write(chunk: Buffer): Promise<void>;
  /** Everything is written when it resolves; not yet durable. */
  end(): Promise<void>;
}

export const batchedFile = (file: FileHandle): BatchedFile => {
  let batch: Buffer[] = [];
  let bytes = 0;
  let writing: Promise<void> = Promise.resolve();
  const send = async (): Promise<void> => {
    await writing;
    writing = writeAll(file, Buffer.concat(batch));
    // Its failure is thrown by the next wait.
    writing.catch(() => undefined);
    batch = [];
    bytes = 0;
  };
  return {
    write: async (chunk) => {
      batch.push(chunk);
      bytes += chunk.length;
      if (bytes >= BATCH) await send();
    },
    end: async () => {
      await send();
      await writing;
    },
  };
};

/** write(2) may take less than it was given. */
const writeAll = async (file: FileHandle, chunk: Buffer): Promise<void> => {
  for (let done = 0; done < chunk.length; ) {
    done += (await file.write(chunk, done, chunk.length - done)).bytesWritten;
  }
};
