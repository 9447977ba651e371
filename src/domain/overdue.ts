// When a tier should have had a backup and has none: silence is not success. A run that was missed and one that failed are the
// same here, and so is a backup that somebody made by hand: it is a success, too.
import { median } from './expectation.js';
import { shortestGapMs } from './moments.js';
import { momentsFrom } from './moments-from.js';
import type { Routine, TierSettings } from './tiers.js';

export interface OverdueTier {
  tier: string;
  /** The first of its moments that has no success at or after it. */
  dueAt: string;
  /** It is overdue since `dueAt` and so much. */
  graceMs: number;
  /** When its newest success ended; null: it never had one. */
  newest: string | null;
}

export interface TierSuccess {
  tier: string;
  /** null: made by hand. */
  scheduledFor: string | null;
  finishedAt: string;
}

export interface OverdueInput {
  routine: Routine;
  timezone: string;
  /** In whatever order. */
  successes: readonly TierSuccess[];
  /** Since when a tier without success is configured; null: it is not known, and then nothing is said about that tier. */
  since: string | null;
  now: Date;
}

/** Of tiers that make backups by themselves. Where the clock was put back behind the newest success, none is. */
export const overdueTiers = (input: OverdueInput): OverdueTier[] =>
  dueTiers(input).filter(({ dueAt, graceMs }) => Date.parse(dueAt) + graceMs <= input.now.getTime());

/** Those whose moment has passed, overdue or not: what waits for another run, is at work, or failed and is tried again. */
export const dueTiers = ({ routine, successes, ...asked }: OverdueInput): OverdueTier[] =>
  routine.tiers.flatMap((tier) => {
    const { schedule } = tier;
    if (schedule === null || tier.from !== null) return [];
    const own = successes.filter((success) => success.tier === tier.name);
    return due({ ...asked, tier, schedule, successes: own });
  });

interface OneTier extends Omit<OverdueInput, 'routine'> {
  tier: TierSettings;
  schedule: string;
}

const due = ({ tier, schedule, successes, timezone, since, now }: OneTier): OverdueTier[] => {
  const good = lastOf(successes.map(coveredUntil)) ?? (since === null ? null : Date.parse(since));
  if (good === null || good >= now.getTime()) return [];
  const { value: moment } = momentsFrom({ schedule, timezone }, new Date(good)).next();
  if (moment === undefined || moment > now) return [];
  const newest = lastOf(successes.map(({ finishedAt }) => Date.parse(finishedAt)));
  return [
    {
      ...{ tier: tier.name, dueAt: moment.toISOString(), graceMs: graceOf(tier, schedule, successes) },
      newest: newest === null ? null : new Date(newest).toISOString(),
    },
  ];
};

/** One that was caught up late stands for the moments that passed meanwhile. */
const coveredUntil = ({ scheduledFor, finishedAt }: TierSuccess): number =>
  Math.max(Date.parse(scheduledFor ?? finishedAt), Date.parse(finishedAt));

const HOUR_MS = 3_600_000;
const RECENT = 7;

/**
 * Its jitter, and what its runs usually take, so that one that has always taken five hours is not overdue while it runs; on top
 * an hour or a tenth of the time between two moments, for a run that is tried again.
 */
const graceOf = (tier: TierSettings, schedule: string, successes: readonly TierSuccess[]): number => {
  const periodMs = shortestGapMs(schedule);
  const slack = Math.max(HOUR_MS, periodMs / 10);
  return Math.round(tier.jitterMs + slack + Math.min(usualMs(successes), periodMs));
};

/** The median of the newest: one night that was caught up in the afternoon changes nothing. */
const usualMs = (successes: readonly TierSuccess[]): number => {
  const took = successes
    .flatMap(({ scheduledFor, finishedAt }) =>
      scheduledFor === null ? [] : [{ end: Date.parse(finishedAt), from: Date.parse(scheduledFor) }],
    )
    .sort((a, b) => b.end - a.end)
    .slice(0, RECENT)
    .map(({ end, from }) => Math.max(0, end - from));
  return median(took) ?? 0;
};

const lastOf = (times: readonly number[]): number | null =>
  times.length === 0 ? null : times.reduce((last, time) => Math.max(last, time));
