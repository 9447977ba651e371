// Scheduled moments that came to nothing: neither their own run nor a later one of the same schedule, before the next moment.
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
  /** Only moments after it and up to `until`. */
  since: Date;
  until: Date;
}

/** Oldest first. */
export const missedMoments = ({ made, since, until, ...timed }: MissedInput): Date[] => {
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
    if (moment !== null && !isMet(moment, following.getTime())) missed.push(moment);
    moment = following <= until ? following : null;
    if (moment === null) break;
  }
  return missed;
};
