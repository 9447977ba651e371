// When clocks are put forward or back, and what that does to a schedule: a local time that does not exist has no run, and one
// that comes twice has two.
import { parseCron } from './cron.js';

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
  const { minute, hour, dayOfMonth, month, dayOfWeek } = parseCron(schedule);
  if (hour.length === 24) return [];
  const comes = (local: Date): boolean =>
    minute.includes(local.getUTCMinutes()) &&
    hour.includes(local.getUTCHours()) &&
    dayOfMonth.includes(local.getUTCDate()) &&
    month.includes(local.getUTCMonth() + 1) &&
    dayOfWeek.includes(local.getUTCDay());
  return changes.flatMap(({ kind, from, to }) => {
    const minutes = Array.from({ length: (to - from) / MINUTE_MS }, (_, index) => from + index * MINUTE_MS);
    return minutes
      .map((local) => new Date(local))
      .filter(comes)
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

/** Milliseconds that a zone's clocks are ahead of UTC. */
const offsetsOf = (timezone: string) => {
  const format = new Intl.DateTimeFormat('en', {
    ...{ timeZone: timezone, hourCycle: 'h23', era: 'short' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  return (at: number): number => {
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute) - at;
  };
};
