// When clocks are put forward or back: local times that do not exist then, and those that come twice. What becomes of a schedule
// there is up to the server: seen with 1.32 are no run or a shifted one, and one run or two.
import { parseCron } from './cron.js';
import { comesAt, offsetsOf } from './local-time.js';

export interface ClockChange {
  /** `missing`: local times that do not exist. `twice`: those that come twice. */
  kind: 'missing' | 'twice';
  /** The first of these local times, and the first one after them: written as if they were UTC, milliseconds since 1970. */
  from: number;
  to: number;
}

/** A schedule's local time, `2027-03-28 02:30`, that does not exist or comes twice. */
export interface OddMoment {
  kind: ClockChange['kind'];
  local: string;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Within `days` days of `from`. */
export const clockChanges = (timezone: string, from: Date, days: number): ClockChange[] => {
  const offsetAt = offsetsOf(timezone);
  const changes: ClockChange[] = [];
  for (let day = 0; day < days; day += 1) {
    const start = Math.floor(from.getTime() / MINUTE_MS) * MINUTE_MS + day * DAY_MS;
    const before = offsetAt(start);
    const after = offsetAt(start + DAY_MS);
    if (before === after) continue;
    const at = changeWithin(start, offsetAt);
    const [lower, higher] = [at + Math.min(before, after), at + Math.max(before, after)];
    changes.push({ kind: after > before ? 'missing' : 'twice', from: lower, to: higher });
  }
  return changes;
};

/** Of one that comes every hour nothing is lost, and nothing done twice. */
export const oddMoments = (schedule: string, changes: readonly ClockChange[]): OddMoment[] => {
  const cron = parseCron(schedule);
  if (cron.hour.length === 24) return [];
  return changes.flatMap(({ kind, from, to }) => {
    const minutes = Array.from({ length: (to - from) / MINUTE_MS }, (_, index) => from + index * MINUTE_MS);
    return minutes
      .map((local) => new Date(local))
      .filter((local) => comesAt(cron, local))
      .map((local) => ({ kind, local: local.toISOString().slice(0, 16).replace('T', ' ') }));
  });
};

/** The first minute of the day after `start` that has another offset than the one before. */
const changeWithin = (start: number, offsetAt: (at: number) => number): number => {
  let [low, high] = [start, start + DAY_MS];
  const before = offsetAt(low);
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
};
