// An agent that is killed before or after one of its effects: nothing of it happens afterwards, not even its clean-up.
import { type Effect, runEffect } from '../../src/domain/effect.js';

type KillPoint = { index: number; when: 'before' | 'after' };

/** Runs `act` until the effect of that number (from 0); false when it came to its end before. */
const killedAt = async (
  { index, when }: KillPoint,
  act: (effect: Effect) => Promise<unknown>,
): Promise<boolean> => {
  let next = 0;
  let die: (killed: boolean) => void = () => {};
  const death = new Promise<boolean>((resolve) => {
    die = resolve;
  });
  const forEver = new Promise<never>(() => {});
  const effect: Effect = async (name, effectOf) => {
    const here = next++ === index;
    if (here && when === 'after') await runEffect(name, effectOf);
    if (!here) return effectOf();
    die(true);
    return forEver;
  };
  return Promise.race([death, act(effect).then(() => false)]);
};

/**
 * Every point at which `act` can be killed: before and after each effect. Gives how many there are. After one and before the
 * next is the same world, since nothing but effects changes it, and is tried once.
 */
export const killedEverywhere = async (
  act: (
    point: KillPoint,
    kill: (victim: (effect: Effect) => Promise<unknown>) => Promise<void>,
  ) => Promise<void>,
): Promise<number> => {
  const killAt = async (point: KillPoint): Promise<boolean> => {
    let killed = true;
    await act(point, async (victim) => {
      killed = await killedAt(point, victim);
    });
    return killed;
  };
  let effects = 0;
  if (!(await killAt({ index: 0, when: 'before' }))) return 0;
  while (await killAt({ index: effects, when: 'after' })) effects++;
  return 2 * effects;
};
