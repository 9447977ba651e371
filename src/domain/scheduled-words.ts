// What a scheduled run says of its moment: that it is made late, and which moments before it have no backup.
import { momentsFrom, type Timed } from './moments-from.js';

/** One sentence; empty: it is made in time. @param jitterMs it may begin so much later. */
export const caughtUpWords = (moment: Date, startedAt: Date, jitterMs: number): string => {
  const lateMs = startedAt.getTime() - moment.getTime();
  if (lateMs <= jitterMs + IN_TIME_MS) return '';
  return `made for ${minuteOf(moment)}, ${inWords(lateMs)} later: nothing could be made then`;
};

/** The one before it may have taken its time, and an agent may have been started again. */
const IN_TIME_MS = 900_000;

/**
 * One sentence; empty: there are none. What clocks leave out is nobody's loss.
 * @param last the newest moment that has a backup
 */
export const missedWords = (timed: Timed, last: Date, moment: Date): string => {
  const between: Date[] = [];
  for (const at of momentsFrom(timed, last)) {
    if (at >= moment || between.length === MOST) break;
    between.push(at);
  }
  const [first] = between;
  if (first === undefined) return '';
  if (between.length === 1) return `${minuteOf(first)} has no backup`;
  const many = between.length === MOST ? `${MOST} or more` : String(between.length);
  return `${many} moments since ${minuteOf(first)} have no backup`;
};

const MOST = 100;

const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16)}Z`;

const inWords = (ms: number): string => {
  const hours = ms / 3_600_000;
  if (hours < 1) return `${Math.round(hours * 60)} min`;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} d`;
};
