// One attempt at a time: before an attempt acts, its predecessors in this process are aborted and waited for.
// Those of a dead agent are ended by `endOrphans` when the next agent starts.

export interface Fence {
  /** Runs one attempt of a step; `signal` ends with the given one, and when a later attempt or `end` comes. */
  attempt<T>(
    key: { operation: string; step: string; signal: AbortSignal },
    act: (signal: AbortSignal) => Promise<T>,
  ): Promise<T>;
  /** Ends every attempt of an operation: none of them acts any more when it returns. */
  end(operation: string): Promise<void>;
}

interface Running {
  operation: string;
  step: string;
  abort: AbortController;
  ended: Promise<void>;
}

export const createFence = (): Fence => {
  const running = new Set<Running>();
  return {
    attempt: async ({ operation, step, signal }, act) => {
      const abort = new AbortController();
      const until = AbortSignal.any([signal, abort.signal]);
      const earlier = [...running].filter((one) => one.operation === operation && one.step === step);
      const acting = stop(earlier).then(() => {
        until.throwIfAborted();
        return act(until);
      });
      // Known from its arrival on: one that still waits for its predecessors is ended like any other.
      const one = { operation, step, abort, ended: acting.then(noop, noop) };
      running.add(one);
      try {
        return await acting;
      } finally {
        running.delete(one);
      }
    },
    end: (operation) => stop([...running].filter((one) => one.operation === operation)),
  };
};

const stop = async (attempts: readonly Running[]): Promise<void> => {
  for (const { abort } of attempts) abort.abort(new Error('a later attempt took over'));
  await Promise.all(attempts.map(({ ended }) => ended));
};

const noop = () => undefined;
