// Sends a growing file to the disk from time to time, so that the fsync at its end has little left to wait for.
import type { FileHandle } from 'node:fs/promises';

/** Bytes. */
const EVERY = 64 << 20;

export interface Writeback {
  /** Says how much is in the file by now. Throws what the disk said of earlier bytes. */
  written(bytes: number): void;
  /** Nothing is on its way any more; what came last may not be durable yet. */
  end(): Promise<void>;
}

export const writebackOf = (file: FileHandle): Writeback => {
  let sent = 0;
  let failed: { error: unknown } | undefined;
  let sending: Promise<void> | undefined;
  const throwIfFailed = (): void => {
    if (failed !== undefined) throw failed.error;
  };
  return {
    written: (bytes) => {
      throwIfFailed();
      if (bytes - sent < EVERY || sending !== undefined) return;
      sent = bytes;
      sending = file
        .datasync()
        .catch((error: unknown) => {
          failed = { error };
        })
        .finally(() => {
          sending = undefined;
        });
    },
    end: async () => {
      await sending;
      throwIfFailed();
    },
  };
};
