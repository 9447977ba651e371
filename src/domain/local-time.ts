// What clocks of a time zone show, and whether a schedule comes then.
import type { Cron } from './cron.js';

/** Milliseconds that a zone's clocks are ahead of UTC, at a time in milliseconds since 1970. */
export const offsetsOf = (timezone: string): ((at: number) => number) => {
  const known = KNOWN.get(timezone) ?? makeOffsets(timezone);
  KNOWN.set(timezone, known);
  return known;
};

/** To make one takes longer than to ask it a hundred times. */
const KNOWN = new Map<string, (at: number) => number>();

const makeOffsets = (timezone: string): ((at: number) => number) => {
  const format = new Intl.DateTimeFormat('en', {
    ...{ timeZone: timezone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  return (at) => {
    const parts = Object.fromEntries(
      format.formatToParts(at).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / 60_000) * 60_000;
  };
};

/** @param local a local time, written as if it were UTC */
export const comesAt = (cron: Cron, local: Date): boolean =>
  cron.minute.includes(local.getUTCMinutes()) &&
  cron.hour.includes(local.getUTCHours()) &&
  comesOn(cron, local);

/** Whether it comes on that day. */
export const comesOn = ({ dayOfMonth, month, dayOfWeek }: Cron, local: Date): boolean =>
  dayOfMonth.includes(local.getUTCDate()) &&
  month.includes(local.getUTCMonth() + 1) &&
  dayOfWeek.includes(local.getUTCDay());
