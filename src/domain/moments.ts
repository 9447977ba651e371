// The moments of a schedule, without a server that is asked for them.
import { Cron } from 'croner';
import { parseCron } from './cron.js';
import { comesAt, offsetsOf } from './local-time.js';

/** The next ones after `after`, at most `count`, in a time zone. */
export const momentsAfter = (
  { schedule, timezone }: { schedule: string; timezone: string },
  after: Date,
  count: number,
): Date[] => new Cron(schedule, { timezone, mode: '5-part' }).nextRuns(count, after);

/** Any year without surprises: what is asked is how close moments come, not when they are. */
const A_JANUARY = new Date('2025-01-01T00:00:00Z');
const ENOUGH = 100;

/** The shortest time between two moments as clocks show them: of a daily schedule 24 h, although one night in spring is shorter. */
export const shortestGapMs = (schedule: string): number => {
  const moments = momentsAfter({ schedule, timezone: 'UTC' }, A_JANUARY, ENOUGH);
  const gaps = moments.slice(1).map((moment, index) => moment.getTime() - (moments[index]?.getTime() ?? 0));
  return gaps.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...gaps);
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
