// What is done to a deployment by itself: its tiers, verifications and drills.
import type { Routine } from '../domain/tiers.js';
import { parseDuration } from './duration.js';

export const routineOf = (): Routine => ({
  tiers: [],
  verify: null,
  drill: { timed: null, maxAgeMs: parseDuration('35d') ?? Number.NaN },
  giveUpAfterMs: null,
});
