// One at a time for each key: whoever comes later waits.
import { createSlots, type Slots } from './slots.js';

export interface Turns {
  /** Waits until nobody else acts for `key`; an abort ends the wait. */
  take<T>(key: string, signal: AbortSignal, act: () => Promise<T>): Promise<T>;
}

export const createTurns = (): Turns => {
  const known = new Map<string, { slots: Slots; users: number }>();
  return {
    take: async (key, signal, act) => {
      const turn = known.get(key) ?? { slots: createSlots(1), users: 0 };
      known.set(key, turn);
      turn.users += 1;
      try {
        return await turn.slots.use(signal, act);
      } finally {
        turn.users -= 1;
        if (turn.users === 0) known.delete(key);
      }
    },
  };
};
