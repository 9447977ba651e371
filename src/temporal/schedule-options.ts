// A wanted schedule as the server takes it: always built anew from the configuration, never from what the server answered, whose
// calendars would double. Every range has its end: without one, the library takes the next hour too.
import type { ScheduleOptions, ScheduleSpec } from '@temporalio/client';
import type { Calendar } from './schedule-facts.js';
import type { WantedSchedule } from './wanted-schedules.js';

export const OWNER = 'holdfast';

export const scheduleOptions = ({
  deployment,
  kind,
  name,
  cron,
  facts,
  fingerprint,
}: WantedSchedule): Pick<ScheduleOptions, 'spec' | 'policies' | 'action' | 'memo'> => ({
  spec: {
    calendars: facts.calendars.map((calendar) => calendarSpec(calendar, cron)),
    timezone: facts.timezone,
    jitter: facts.jitterMs,
  },
  policies: { overlap: 'BUFFER_ONE', catchupWindow: facts.catchUpMs, pauseOnFailure: facts.pauseOnFailure },
  action: {
    type: 'startWorkflow',
    workflowType: facts.workflow,
    workflowId: facts.workflowId,
    taskQueue: facts.taskQueue,
    args: [facts.input],
    memo: { owner: OWNER, fingerprint },
    staticSummary: kind === 'backup' ? `${name} backup of ${deployment}` : `${kind} ${deployment}`,
  },
  memo: { owner: OWNER },
});

const calendarSpec = (
  calendar: Calendar,
  comment: string,
): NonNullable<ScheduleSpec['calendars']>[number] => ({
  second: rangesOf(calendar.second),
  minute: rangesOf(calendar.minute),
  hour: rangesOf(calendar.hour),
  dayOfMonth: rangesOf(calendar.dayOfMonth),
  month: calendar.month.flatMap((month) => MONTHS[month - 1] ?? []),
  dayOfWeek: calendar.dayOfWeek.flatMap((day) => DAYS[day] ?? []),
  comment,
});

/** Neighbours as one range, evenly spaced values as one with a step. */
const rangesOf = (values: readonly number[]): { start: number; end: number; step: number }[] => {
  const [first, second] = values;
  const last = values.at(-1);
  if (first === undefined || last === undefined) return [];
  const step = second === undefined ? 1 : second - first;
  if (values.every((value, index) => value === first + index * step))
    return [{ start: first, end: last, step }];
  return values.map((value) => ({ start: value, end: value, step: 1 }));
};

const MONTHS = [
  ...(['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE', 'JULY'] as const),
  ...(['AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'] as const),
];

const DAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
