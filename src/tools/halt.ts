// The end of a run before its time: the first cause decides, and everything is ended for it.
import type { Readable } from 'node:stream';
import { type Child, endAll } from './child.js';

export interface Halt {
  /** Ends the programs and breaks the streams. Later causes are ignored. */
  because: (cause: unknown) => void;
  /** The same for a program that failed: what it and the others wrote before can still be read for a while. */
  afterFailure: (cause: unknown) => void;
  /** Throws the cause, where there was one. */
  throwIfHalted: () => void;
  halted: () => boolean;
  release: () => void;
}

/** A reader that takes longer for the last bytes is stuck. */
const LAST_READ_MS = 3000;

/** @param streams what passes through this process, once there is any */
export const createHalt = (
  signal: AbortSignal,
  children: readonly Child[],
  streams: readonly Readable[],
): Halt => {
  const halt = new AbortController();
  let lastRead: NodeJS.Timeout | undefined;
  const end = (cause: unknown): void => {
    if (halt.signal.aborted) return;
    halt.abort(cause);
    endAll(children);
  };
  const breakStreams = (): void => {
    const { reason } = halt.signal;
    for (const stream of streams)
      stream.destroy(reason instanceof Error ? reason : new Error(String(reason)));
  };
  const because = (cause: unknown): void => {
    end(cause);
    breakStreams();
  };
  const onAbort = (): void => because(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  return {
    because,
    afterFailure: (cause) => {
      end(cause);
      lastRead ??= setTimeout(breakStreams, LAST_READ_MS);
    },
    throwIfHalted: () => halt.signal.throwIfAborted(),
    halted: () => halt.signal.aborted,
    release: () => {
      clearTimeout(lastRead);
      signal.removeEventListener('abort', onAbort);
    },
  };
};
