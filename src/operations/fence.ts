// One attempt at a time: before an attempt acts, its predecessors in this process are aborted and waited for.
// Those of a dead agent are ended by `end-orphans.ts` when the next agent starts.

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
  abort: AbortController;
  ended: Promise<void>;
}

export const createFence = (): Fence => {
  const running = new Map<string, Running>();
  const stop = async (one: Running): Promise<void> => {
    one.abort.abort(new Error('a later attempt took over'));
    await one.ended;
  };
  return {
    attempt: async ({ operation, step, signal }, act) => {
      const key = `${operation}/${step}`;
      for (let before = running.get(key); before !== undefined; before = running.get(key)) await stop(before);
      const abort = new AbortController();
      const acting = act(AbortSignal.any([signal, abort.signal]));
      const one = { operation, abort, ended: acting.then(noop, noop) };
      running.set(key, one);
      try {
        return await acting;
      } finally {
        if (running.get(key) === one) running.delete(key);
      }
    },
    end: async (operation) => {
      await Promise.all([...running.values()].filter((one) => one.operation === operation).map(stop));
    },
  };
};

const noop = () => undefined;
