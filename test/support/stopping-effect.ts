// An agent that ends before or after one of its effects: what a kill -9 at that point leaves is left.
import type { Effect } from '../../src/domain/effect.js';

/** Whether this is the stop itself, and not a failure of what was tested. */
export const isStop = (error: unknown): boolean => error instanceof Error && error.name === 'Stopped';

const stop = (where: string): Error => Object.assign(new Error(where), { name: 'Stopped' });

/** Runs the effects up to number `index` (from 0), and stops before or after that one. */
export const stoppingEffect = (index: number, when: 'before' | 'after'): Effect => {
  let next = 0;
  return async (name, act) => {
    const here = next++ === index;
    if (here && when === 'before') throw stop(`before: ${name}`);
    const result = await act();
    if (here) throw stop(`after: ${name}`);
    return result;
  };
};

/** Runs every effect and notes its name. */
export const notingEffect = (names: string[]): Effect => {
  return (name, act) => {
    names.push(name);
    return act();
  };
};
