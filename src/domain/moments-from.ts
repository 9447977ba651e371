// The moments of a schedule one after the other, for whoever walks through months of them.
import { type Cron, parseCron } from './cron.js';
import { comesOn, offsetsOf } from './local-time.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A schedule for 29 February comes every eight years at the latest. */
const DAYS = 9 * 366;

export interface Timed {
  /** Five fields of cron. */
  schedule: string;
  timezone: string;
}

/**
 * Those after a time, endlessly as far as anybody cares. Local times that clocks leave out have none: whether the server makes
 * a run of those is up to it. Of one that comes twice it is the first.
 */
export function* momentsFrom({ schedule, timezone }: Timed, after: Date): Generator<Date> {
  const cron = parseCron(schedule);
  const offsetAt = offsetsOf(timezone);
  const from = after.getTime();
  const first = Math.floor((from + offsetAt(from)) / DAY_MS) * DAY_MS;
  for (let day = first; day < first + DAYS * DAY_MS; day += DAY_MS) {
    if (!comesOn(cron, new Date(day))) continue;
    for (const moment of momentsOf(day, cron, offsetAt)) if (moment > from) yield new Date(moment);
  }
}

/** @param day a local midnight, written as if it were UTC */
const momentsOf = (day: number, { hour, minute }: Cron, offsetAt: (at: number) => number): number[] => {
  // No zone is further from UTC than fourteen hours, and none changes its clocks twice in two days.
  const offsets = [...new Set([offsetAt(day - 14 * HOUR_MS), offsetAt(day + DAY_MS + 12 * HOUR_MS)])];
  const times = hour.flatMap((hours) => minute.map((minutes) => day + (hours * 60 + minutes) * 60_000));
  return times.flatMap((local) => {
    const found = offsets.map((offset) => local - offset);
    if (offsets.length === 1) return found;
    const real = found.filter((at) => at + offsetAt(at) === local);
    return real.length === 0 ? [] : [Math.min(...real)];
  });
};
