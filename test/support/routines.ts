// What is done to a deployment by itself, as a test needs it.
import type { Routine, TierSettings } from '../../src/domain/tiers.js';

export const tier = (
  name: string,
  schedule: string | null,
  changed: Partial<TierSettings> = {},
): TierSettings => ({
  ...{ name, schedule, from: null, catchUpMs: 3_600_000, jitterMs: 0 },
  keep: { local: { kind: 'slots', slots: 7 } },
  ...changed,
});

export const routine = (tiers: TierSettings[], changed: Partial<Routine> = {}): Routine => ({
  ...{ tiers, verify: null, giveUpAfterMs: null },
  drill: { timed: null, maxAgeMs: 35 * 86_400_000 },
  ...changed,
});
