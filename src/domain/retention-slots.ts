// The moments that backups were made for, and the one backup that stands for each of them.
import type { MomentOf, RetentionFacts } from './retention-input.js';
import type { TierSettings } from './tiers.js';

type Good = RetentionFacts & { id: string };

export interface Slot {
  moment: number;
  /** The scheduled one where there is one, else the newest that somebody started. */
  stands: Good;
  others: Good[];
}

/** Newest moment first. @param own the tier's backups */
export const slotsOf = (tier: TierSettings, own: readonly Good[], momentOf: MomentOf): Slot[] => {
  const momentFor = momentsOf(tier, own, momentOf);
  const slots = new Map<number, Slot>();
  for (const backup of own) {
    const moment = momentFor(backup);
    const slot = slots.get(moment);
    if (slot === undefined) slots.set(moment, { moment, stands: backup, others: [] });
    else if (standsBefore(backup, slot.stands)) {
      slot.others.push(slot.stands);
      slot.stands = backup;
    } else slot.others.push(backup);
  }
  return newestFirst([...slots.values()]);
};

/** Of another tier's slots the first one in each of this tier's moments, newest first. */
export const firstsOf = (tier: TierSettings, slots: readonly Slot[], momentOf: MomentOf): Slot[] => {
  const firsts = new Map<number, Slot>();
  for (const { moment, stands } of newestFirst(slots)) {
    const own = momentOf(tier, moment) ?? moment;
    // The later ones come first, so that the first one of all stays.
    firsts.set(own, { moment: own, stands, others: [] });
  }
  return newestFirst([...firsts.values()]);
};

const newestFirst = (slots: readonly Slot[]): Slot[] => slots.toSorted((a, b) => b.moment - a.moment);

const standsBefore = (one: Good, other: Good): boolean =>
  (one.scheduledFor === null) === (other.scheduledFor === null)
    ? one.id > other.id
    : one.scheduledFor !== null;

/**
 * What somebody started belongs to the last moment before: of the schedule as it is now, or of one that a backup was made for,
 * since the schedule may have been another one.
 */
const momentsOf = (
  tier: TierSettings,
  own: readonly Good[],
  momentOf: MomentOf,
): ((backup: Good) => number) => {
  const scheduled = own
    .flatMap(({ scheduledFor }) => (scheduledFor === null ? [] : [Date.parse(scheduledFor)]))
    .sort((a, b) => a - b);
  return ({ scheduledFor, startedAt }) => {
    if (scheduledFor !== null) return Date.parse(scheduledFor);
    const at = Date.parse(startedAt);
    return Math.max(momentOf(tier, at) ?? at, lastUntil(scheduled, at));
  };
};

/** @param sorted ascending */
const lastUntil = (sorted: readonly number[], at: number): number => {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1] ?? Number.NEGATIVE_INFINITY;
};
