// The table of `holdfast schedules list`.
import type { ListedSchedule } from '../schedules/schedule-facts.js';
import { localTime } from './local-time.js';
import { type Column, table } from './table.js';

const COLUMNS: Column[] = [
  { title: 'DEPLOYMENT' },
  { title: 'SCHEDULE' },
  { title: 'CRON' },
  { title: 'NEXT' },
  { title: 'LAST' },
  { title: 'MISSED', align: 'right' },
  { title: 'SKIPPED', align: 'right' },
  { title: 'STATE' },
];

export const scheduleLines = (schedules: readonly ListedSchedule[]): string[] =>
  table(COLUMNS, schedules.map(cells));

const cells = (schedule: ListedSchedule): string[] => [
  schedule.deployment,
  schedule.name,
  schedule.schedule,
  schedule.next[0] === undefined ? '' : localTime(schedule.next[0], schedule.timezone),
  schedule.last === null ? '' : `${localTime(schedule.last.at, schedule.timezone)} ${schedule.last.outcome}`,
  countCell(schedule.missed),
  countCell(schedule.skipped),
  stateCell(schedule),
];

/** What is as it should be says nothing. */
const stateCell = ({ state, paused, reason, differences, last, waiting }: ListedSchedule): string =>
  [
    ...(last === null || last.waits === '' ? [] : [`waits: ${last.waits}`]),
    ...(waiting === 0 ? [] : [`${waiting} more waits for it to end`]),
    ...(paused ? [reason === '' ? 'paused' : `paused: ${reason}`] : []),
    ...(state === 'as configured' || state === 'no server' ? [] : [state]),
    ...differences,
  ].join('; ');

const countCell = (count: number): string => (count === 0 ? '' : String(count));
