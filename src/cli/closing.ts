// Waits for a run's end, however long Temporal is away in between.
import { setTimeout as pause } from 'node:timers/promises';
import type { Run } from './session.js';
import { isConnectionLoss } from './workflow-failure.js';

export type Closing = { end: 'result'; result: unknown } | { end: 'failed'; thrown: unknown };

/** Never throws: how the run ended is the answer. Gives up when `signal` is aborted. */
export const untilClosed = async ({ handle }: Run, signal: AbortSignal): Promise<Closing> => {
  for (;;) {
    try {
      return { end: 'result', result: await handle.result() };
    } catch (thrown) {
      if (signal.aborted || !isConnectionLoss(thrown)) return { end: 'failed', thrown };
    }
    await pause(1000, undefined, { signal }).catch(() => undefined);
  }
};
