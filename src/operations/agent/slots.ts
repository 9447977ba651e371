// Few long steps of backups at a time: what is more waits here, so that a restore always finds the worker free.

export interface Slots {
  /** Waits for a free slot, then runs `act`; an abort ends the wait. */
  use<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T>;
}

/** @param count at most so many at once */
export const createSlots = (count: number): Slots => {
  let free = count;
  const waiting: (() => void)[] = [];
  const take = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const given = () => {
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const giveUp = () => {
        waiting.splice(waiting.indexOf(given), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', giveUp, { once: true });
      waiting.push(given);
    });
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    use: async (signal, act) => {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else await take(signal);
      try {
        return await act();
      } finally {
        leave();
      }
    },
  };
};
