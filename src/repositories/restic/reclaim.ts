// Removing snapshots frees nothing: prune does. It wants the repository for itself and may take long, so it is not done where
// something is removed; that something was removed is remembered until it is asked for.
import type { Effect } from '../../domain/effect.js';
import { resticPrune } from '../../tools/restic.js';
import { exclusively } from './locks.js';
import { alone } from './remove.js';
import { isThere, type ResticSession } from './session.js';
import { sweepUnnamed } from './sweep.js';

/** A large one over a slow line: what it has done until then stays done. */
const WITHIN_MS = 6 * 3_600_000;

export const reclaim = async (
  session: ResticSession,
  effect: Effect,
  now: () => Date = () => new Date(),
): Promise<boolean> => {
  if (!(await isThere(session))) return true;
  await sweepUnnamed(session, effect, now());
  return effect('prune the restic repository', () =>
    exclusively(session.settings.repository, {
      waitMs: 0,
      act: () => alone(session, resticPrune, WITHIN_MS),
    }),
  );
};
