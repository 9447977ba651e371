// What goes without saying: the schedules that such names have everywhere, and how long is kept what no schedule makes.
import { SAFETY_TIER } from '../domain/names.js';
import { MANUAL_TIER } from '../domain/tiers.js';

const USUAL_SCHEDULES: Readonly<Record<string, string>> = {
  hourly: '0 * * * *',
  daily: '0 2 * * *',
  weekly: '0 3 * * 0',
  monthly: '0 4 1 * *',
  yearly: '0 5 1 1 *',
};

export const usualSchedule = (tier: string): string | undefined =>
  Object.hasOwn(USUAL_SCHEDULES, tier) ? USUAL_SCHEDULES[tier] : undefined;

export const KNOWN_TIERS = Object.keys(USUAL_SCHEDULES);

/** Not made by a schedule: by their names, how long they are kept. */
export const BUILT_IN_TIERS: Readonly<Record<string, string>> = {
  [MANUAL_TIER]: '30d',
  [SAFETY_TIER]: '7d',
};

export const isBuiltIn = (tier: string): boolean => Object.hasOwn(BUILT_IN_TIERS, tier);

export const USUAL_VERIFY = '30 5 * * 6';
export const USUAL_DRILL = '0 5 * * 0';

/** Schedules of their own, beside the tiers'. */
export const RESERVED_TIERS: readonly string[] = ['verify', 'drill'];
