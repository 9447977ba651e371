// Modification times as text, `1700000000.123456789`: seconds since 1970 and nine digits.
// Before 1970 it is the distance with a sign, as tar's listing has it (`-5.300000000`). tar cannot tell the last second
// before 1970 from the first one after it, so both are written without a sign.

const SECOND = 1_000_000_000n;

export const modificationTime = (nanoseconds: bigint): string => {
  const distance = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  return timeText(nanoseconds < 0n, distance / SECOND, String(distance % SECOND).padStart(9, '0'));
};

/** @param text as tar prints it with --full-time --utc: `2026-11-21 12:04:24.7571`, or bare seconds where a date cannot say it */
export const listedModificationTime = (text: string): string | null => {
  const date = DATE.exec(text);
  const seconds = date ? secondsOf(date.slice(1, 7).map(Number)) : SECONDS.exec(text)?.[1];
  if (seconds === undefined) return null;
  const fraction = /\.(\d+)$/.exec(text)?.[1] ?? '';
  const whole = BigInt(seconds);
  return timeText(whole < 0n, whole < 0n ? -whole : whole, fraction.padEnd(9, '0'));
};

const DATE = /^(-?\d+)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?$/;
const SECONDS = /^(-?\d+)(?:\.\d{1,9})?$/;

const timeText = (negative: boolean, seconds: bigint, fraction: string): string =>
  `${negative && seconds > 0n ? '-' : ''}${seconds}.${fraction}`;

/** Not Date.UTC: that takes the years 0 to 99 for 1900 to 1999. */
const secondsOf = ([year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0]: number[]): number => {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  return date.getTime() / 1000;
};
