// When something comes again: five fields of cron, read strictly, so that it means the same to Temporal, to retention and to
// the person who wrote it.

/** The values that fit, in ascending order; Sunday is 0. */
export interface Cron {
  minute: number[];
  hour: number[];
  dayOfMonth: number[];
  month: number[];
  dayOfWeek: number[];
}

/** Says it about the schedule, so that `path: text` reads as a sentence; null: it is one that comes. */
export const cronProblem = (text: string): string | null => {
  const read = readCron(text);
  return typeof read === 'string' ? read : null;
};

/** Of text without a problem. */
export const parseCron = (text: string): Cron => {
  const read = readCron(text);
  if (typeof read === 'string') throw new RangeError(`the schedule ${read}`);
  return read;
};

interface Field {
  key: keyof Cron;
  name: string;
  from: number;
  to: number;
  /** In order, beginning with `from`. */
  words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { key: 'minute', name: 'minute', from: 0, to: 59 },
  { key: 'hour', name: 'hour', from: 0, to: 23 },
  { key: 'dayOfMonth', name: 'day of month', from: 1, to: 31 },
  {
    ...{ key: 'month', name: 'month', from: 1, to: 12 },
    words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  {
    // 7 is Sunday too.
    ...{ key: 'dayOfWeek', name: 'day of week', from: 0, to: 7 },
    words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
];

const FIVE = 'must be five fields: minute, hour, day of month, month, day of week';

const readCron = (text: string): Cron | string => {
  const given = text.trim().split(/\s+/);
  if (text.trim().startsWith('@')) return named(text.trim().toLowerCase());
  if (given.length === 6) return `${FIVE}; seconds and years cannot be given`;
  if (given.length !== 5) return FIVE;
  const cron: Cron = { minute: [], hour: [], dayOfMonth: [], month: [], dayOfWeek: [] };
  for (const [index, field] of FIELDS.entries()) {
    const values = readField(given[index] ?? '', field);
    if (typeof values === 'string') return values;
    cron[field.key] = values;
  }
  if (given[2] !== '*' && given[4] !== '*')
    return 'restricts both day of month and day of week, which cron and Temporal understand differently; leave one of them *';
  return comes(cron) ? cron : 'never comes: none of its months has such a day';
};

const NAMED: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

const named = (text: string): string => {
  const written = NAMED[text];
  return written === undefined ? `${FIVE}; words with @ are not taken` : `${FIVE}; ${text} is ${written}`;
};

const readField = (text: string, field: Field): number[] | string => {
  const values = new Set<number>();
  for (const part of text.split(',')) {
    const read = readPart(part, field);
    if (typeof read === 'string') return read;
    for (const value of read) values.add(field.key === 'dayOfWeek' ? value % 7 : value);
  }
  return [...values].sort((a, b) => a - b);
};

/** `*`, `5`, `1-5`, each but the second one also with `/2`. */
const readPart = (part: string, field: Field): number[] | string => {
  const [, range = '', step] = /^([^/]*)(?:\/(\d{1,4}))?$/.exec(part) ?? [];
  const [from, to, more] = range === '*' ? whole(field) : range.split('-').map((end) => numberIn(end, field));
  const wrong = `has ${part === '' ? 'nothing' : part} as ${field.name}, which must be ${described(field)}`;
  if (from === undefined || Number.isNaN(from) || Number.isNaN(to) || more !== undefined) return wrong;
  if (to === undefined) return step === undefined ? [from] : `${wrong}; a step needs a range or *`;
  if (to < from) return `${wrong}; a range ends after it begins`;
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.to - field.from))
    return `${wrong}; the step does not fit`;
  const every = Number(step ?? 1);
  return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every);
};

/** Not twice Sunday: a step would not come out even. */
const whole = ({ key, from, to }: Field): number[] => [from, key === 'dayOfWeek' ? 6 : to];

const numberIn = (text: string, { from, to, words }: Field): number => {
  const word = words?.indexOf(text.toLowerCase()) ?? -1;
  const value = word === -1 ? (/^\d{1,2}$/.test(text) ? Number(text) : Number.NaN) : from + word;
  return value >= from && value <= to ? value : Number.NaN;
};

const described = ({ from, to, words }: Field): string =>
  `${from} to ${to}${words === undefined ? '' : ` or ${words[0]} to ${words.at(-1)}`}, *, a list, a range or a step`;

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const comes = ({ dayOfMonth, month }: Cron): boolean =>
  month.some((number) => (dayOfMonth[0] ?? 1) <= (LONGEST[number - 1] ?? 0));
