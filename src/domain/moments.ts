// The moments of a schedule, without a server that is asked for them.
import { Cron as Croner } from 'croner';
import { type Cron, parseCron } from './cron.js';
import { comesAt, comesOn, offsetsOf } from './local-time.js';

/** The next ones after `after`, at most `count`, in a time zone. */
export const momentsAfter = (
  { schedule, timezone }: { schedule: string; timezone: string },
  after: Date,
  count: number,
): Date[] => new Croner(schedule, { timezone, mode: '5-part' }).nextRuns(count, after);

/** The shortest time between two moments as clocks show them: of a daily schedule 24 h, although one night in spring is shorter. */
export const shortestGapMs = (schedule: string): number => {
  const cron = parseCron(schedule);
  const times = cron.hour.flatMap((hour) => cron.minute.map((minute) => (hour * 60 + minute) * 60_000));
  const within = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const between = fewestDays(cron) * DAY_MS - ((times.at(-1) ?? 0) - (times[0] ?? 0));
  return Math.min(...within, between);
};

const DAY_MS = 86_400_000;
/** Two years, of which one is a leap year, and the days that follow them. */
const [FIRST_YEAR, DAYS] = [2027, 2 * 365 + 40];
/** Of 29 February. */
const FOUR_YEARS = 4 * 365 + 1;

/** Between two days that have moments. */
const fewestDays = (cron: Cron): number => {
  let [fewest, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let day = 0; day < DAYS && fewest > 1; day += 1) {
    if (!comesOn(cron, new Date(Date.UTC(FIRST_YEAR, 0, 1 + day)))) continue;
    fewest = Math.min(fewest, day - last);
    last = day;
  }
  return Number.isFinite(fewest) ? fewest : FOUR_YEARS;
};

const THREE_HOURS_MS = 10_800_000;

/**
 * Whether a time is one of the schedule's moments: each of a local time that comes twice, and what the server makes of one that
 * clocks leave out, by the clocks as they were before.
 */
export const isMoment = (
  { schedule, timezone }: { schedule: string; timezone: string },
  at: Date,
): boolean => {
  const offsetAt = offsetsOf(timezone);
  const cron = parseCron(schedule);
  return (
    at.getTime() % 60_000 === 0 &&
    [at.getTime(), at.getTime() - THREE_HOURS_MS].some((clocks) =>
      comesAt(cron, new Date(at.getTime() + offsetAt(clocks))),
    )
  );
};
