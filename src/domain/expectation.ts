// What is expected of a run that a schedule started: how long it usually takes, and when it is time to give up.

export interface Expectation {
  /** Then it stops trying. ISO 8601. */
  giveUpAt: string;
  /** Then it is late. ISO 8601. */
  lateAt: string;
  /** The median of the last ones; null: there are none to tell. */
  usualMs: number | null;
  /** What is to be said of its moment, one sentence each: that it is made late, and that others were not. Missing: nothing. */
  caughtUp?: string;
  missed?: string;
}

const TEN_MINUTES_MS = 600_000;
const AN_HOUR_MS = 3_600_000;
const TWELVE_HOURS_MS = 43_200_000;

/** Three times as long as usual, but nobody is told of minutes. Of the first ones of a tier: an hour. */
export const lateAfterMs = (usualMs: number | null): number =>
  usualMs === null ? AN_HOUR_MS : Math.max(TEN_MINUTES_MS, 3 * usualMs);

/** null: of nothing. */
export const median = (numbers: readonly number[]): number | null => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [below, above] = [sorted[half - 1], sorted[half]];
  if (above === undefined) return null;
  return sorted.length % 2 === 1 || below === undefined ? above : (below + above) / 2;
};

/**
 * Before the next one is due, so that it is not kept waiting; after twelve hours at most.
 * @param next moments after its start: a run that begins shortly before the first of them has until the second
 */
export const usualGiveUpAfterMs = (startedAt: Date, next: readonly Date[]): number => {
  const [first = Number.POSITIVE_INFINITY, second = Number.POSITIVE_INFINITY] = next.map(
    (moment) => moment.getTime() - startedAt.getTime(),
  );
  const until = first >= (second - first) / 2 ? first : second;
  return Math.min(TWELVE_HOURS_MS, until);
};
