// The moments of tiers in a time zone, for what asks for many of them: a schedule is asked once for each that is met.
import { Cron } from 'croner';
import type { MomentOf } from '../domain/retention-input.js';

export const tierMoments = (timezone: string): MomentOf => {
  const known = new Map<string, (at: number) => number | null>();
  return (tier, at) => {
    const { schedule } = tier;
    if (schedule === null) return null;
    const text = tier.from === null ? schedule : wholeDays(schedule);
    const momentOf = known.get(text) ?? momentsOf(text, timezone);
    known.set(text, momentOf);
    return momentOf(at);
  };
};

/** The first backup of a day, a week, a month is one of its first hours too, at whatever time the tier itself has. */
const wholeDays = (schedule: string): string => schedule.replace(/^\d+\s+\d+(?=\s)/, '0 0');

interface Interval {
  from: number;
  until: number;
}

const momentsOf = (schedule: string, timezone: string): ((at: number) => number | null) => {
  const cron = new Cron(schedule, { timezone, mode: '5-part' });
  const intervals: Interval[] = [];
  const asked = new Map<number, number>();
  return (at) => {
    const known = asked.get(at);
    if (known !== undefined) return known;
    const met = intervals.find(({ from, until }) => from <= at && at < until)?.from ?? find(at);
    if (met !== null) asked.set(at, met);
    return met;
  };

  function find(at: number): number | null {
    // Moments are whole minutes; the one that is now counts, too.
    const [last] = cron.previousRuns(1, new Date((Math.floor(at / 1000) + 1) * 1000));
    if (last === undefined) return null;
    const until = cron.nextRun(last)?.getTime() ?? Number.POSITIVE_INFINITY;
    intervals.unshift({ from: last.getTime(), until });
    return last.getTime();
  }
};
