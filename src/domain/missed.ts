// Scheduled moments that came to nothing: neither their own run nor a later one of the same schedule, before the next moment.
// The last one is none of them: what is made for it may wait, be at work, or be tried again.
import { momentsFrom, type Timed } from './moments-from.js';

/** Something that a schedule asked for, and that is there. */
export interface Made {
  /** The moment it was made for; null: somebody started it, or it is not known. */
  scheduledFor: string | null;
  /** ISO 8601. */
  at: string;
}

export interface MissedInput extends Timed {
  made: readonly Made[];
  /** Only moments after it, and of those the ones whose next moment has come by `now`. */
  since: Date;
  now: Date;
}

/** Oldest first. */
export const missedMoments = ({ made, since, now, ...timed }: MissedInput): Date[] => {
  const own = new Set(made.map(({ scheduledFor }) => Date.parse(scheduledFor ?? '')));
  const times = made.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
  const missed: Date[] = [];
  let next = 0;
  const isMet = (moment: Date, end: number): boolean => {
    while ((times[next] ?? Number.POSITIVE_INFINITY) < moment.getTime()) next += 1;
    return own.has(moment.getTime()) || (times[next] ?? Number.POSITIVE_INFINITY) < end;
  };
  let moment: Date | null = null;
  for (const following of momentsFrom(timed, since)) {
    if (following > now) break;
    if (moment !== null && !isMet(moment, following.getTime())) missed.push(moment);
    moment = following;
  }
  return missed;
};
