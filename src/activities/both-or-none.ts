// Two pieces of work at once that are nothing without each other.

/** The first that fails ends the other one, and is what is thrown; both are over by then. */
export const bothOrNone = async <A, B>(
  signal: AbortSignal,
  one: (signal: AbortSignal) => Promise<A>,
  other: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> => {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const ending = async <T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    try {
      return await act(either);
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  };
  const running = [ending(one), ending(other)] as const;
  await Promise.allSettled(running);
  stop.signal.throwIfAborted();
  return Promise.all(running);
};
