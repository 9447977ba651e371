// What a schedule does, in one form for what is wanted and for what the server has: two that do the same are equal.
import type { ScheduleDescription } from '@temporalio/client';
import type { Cron } from '../domain/cron.js';

export interface ScheduleFacts {
  calendars: Calendar[];
  /** Intervals, moments that are left out, a beginning or an end: holdfast makes none of these. */
  others: boolean;
  timezone: string;
  jitterMs: number;
  overlap: string;
  catchUpMs: number;
  pauseOnFailure: boolean;
  workflow: string;
  /** Its beginning: the server appends the moment. */
  workflowId: string;
  taskQueue: string;
  input: unknown;
}

/** The values that fit; no year: every year. */
export interface Calendar extends Cron {
  second: number[];
  year: number[];
}

export const factsOf = ({ spec, policies, action, raw }: ScheduleDescription): ScheduleFacts => {
  const { structuredCalendar, timezoneName } = raw.schedule?.spec ?? {};
  return {
    calendars: (structuredCalendar ?? []).map((calendar) => ({
      second: valuesOf(calendar.second),
      minute: valuesOf(calendar.minute),
      hour: valuesOf(calendar.hour),
      dayOfMonth: valuesOf(calendar.dayOfMonth),
      month: valuesOf(calendar.month),
      dayOfWeek: valuesOf(calendar.dayOfWeek),
      year: valuesOf(calendar.year),
    })),
    others:
      [...(spec.intervals ?? []), ...(spec.skip ?? [])].length > 0 ||
      spec.startAt !== undefined ||
      spec.endAt !== undefined,
    timezone: timezoneName || 'UTC',
    jitterMs: Number(spec.jitter ?? 0),
    overlap: policies.overlap ?? '',
    catchUpMs: Number(policies.catchupWindow),
    pauseOnFailure: policies.pauseOnFailure,
    workflow: action.workflowType,
    workflowId: action.workflowId ?? '',
    taskQueue: action.taskQueue ?? '',
    input: action.args?.length === 1 ? action.args[0] : (action.args ?? null),
  };
};

interface Range {
  start?: number | null;
  end?: number | null;
  step?: number | null;
}

/** On the wire an end that is left out is the start, and a step that is left out is one. */
const valuesOf = (ranges: readonly Range[] | null | undefined): number[] => {
  const values = (ranges ?? []).flatMap(({ start, end, step }) => {
    const from = start ?? 0;
    const every = Math.max(1, step ?? 1);
    const count = Math.floor((Math.max(from, end ?? 0) - from) / every) + 1;
    return Array.from({ length: count }, (_, index) => from + index * every);
  });
  return [...new Set(values)].sort((a, b) => a - b);
};
