// An event as plain text, for somebody who was asleep: what, why, what to do, whether it is tried again, what there is to fall
// back on, and one command.
import { formatAge } from '../domain/age.js';
import type { DatedBackup, EventKind, NotifyEvent } from '../domain/events.js';

export const plainText = (event: NotifyEvent): string =>
  [
    ...(event.test ? ['This is a test: nothing happened, and nothing has to be done.', ''] : []),
    event.title,
    localTime(event.at, event.timezone),
    '',
    ...facts(event),
    ...(event.command === '' ? [] : ['', `    ${event.command}`]),
    ...(event.log === '' ? [] : ['', 'How far it came:', '', ...event.log.trimEnd().split('\n')]),
    ...(event.run === null ? [] : ['', `Run ${event.run.workflowId} (${event.run.runId})`]),
    '',
  ].join('\n');

/** Two or three lines, for a message that is read on a telephone. */
export const shortText = (event: NotifyEvent): string =>
  [
    ...facts(event).map((line) => line.replace(/^(\w[^:]*):\s+/, '$1: ')),
    ...(event.command === '' ? [] : [event.command]),
  ].join('\n');

const WIDTH = 15;

const facts = (event: NotifyEvent): string[] => {
  const line = (name: string, text: string): string[] =>
    text === '' ? [] : [`${`${name}:`.padEnd(WIDTH)} ${text}`];
  return [
    ...line(ENDED_WELL.has(event.kind) ? 'What' : 'Why', event.cause),
    ...line('Hint', event.hint),
    ...line('Tried again', againWords(event)),
    ...line('Newest good', backupWords(event.newestGood, event, 'old')),
    ...line('Newest proved', backupWords(event.newestProved, event, 'ago')),
  ];
};

const ENDED_WELL: ReadonlySet<EventKind> = new Set(['started', 'succeeded', 'recovered', 'restore-ended']);

/** Whether somebody has to act at all. Empty: nothing has to be tried again. */
export const againWords = ({ kind, retry, timezone }: Pick<NotifyEvent, 'kind' | 'retry' | 'timezone'>) => {
  if (kind === 'late') return 'it still goes on, and is tried until then';
  if (kind !== 'failed' && kind !== 'overdue') return '';
  if (!retry.again) return 'not by itself';
  return retry.at === null ? 'yes, by itself' : `by itself on ${localTime(retry.at, timezone)}`;
};

/** `20260111T224748Z-full-3f9a, 25 h old`. */
export const backupWords = (
  backup: DatedBackup | null,
  { at, unknown }: Pick<NotifyEvent, 'at' | 'unknown'>,
  age: 'old' | 'ago',
): string => {
  if (backup === null) return unknown === '' ? 'none' : `not known: ${unknown}`;
  return `${backup.backup}, ${age === 'ago' ? 'restored ' : ''}${formatAge(new Date(backup.at), new Date(at))} ${age}`;
};

/** `2026-11-22 02:00:00 (Europe/Zurich)`. */
const localTime = (at: string, timezone: string): string => {
  const shown = new Date(at).toLocaleString('sv-SE', { timeZone: timezone });
  return `${shown} (${timezone})`;
};
