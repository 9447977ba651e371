// What a deployment's page says, whether or not it is well: a label and its words, line by line.
import { formatAge, formatSpan } from '../../domain/age.js';
import type { CopyStatus, DeploymentStatus, ProofStatus } from '../../operations/status/status.js';
import { countOf, formatBytes, formatDuration } from './format.js';
import { localTime } from './local-time.js';

export interface Clock {
  now: Date;
  timezone: string;
}

type Line = [label: string, words: string];

export const factLines = (one: DeploymentStatus, clock: Clock): Line[] => [
  ['last backup', lastWords(one, clock)],
  ...timesLine('next', one.next, clock),
  ...runningLines(one, clock),
  ...timesLine(
    'waiting',
    one.waiting.map(({ name, dueAt }) => ({ name, at: dueAt })),
    clock,
  ),
  ...one.missed.map((missed): Line => ['missed', missedWords(missed, clock)]),
  ...one.copies.map((copy): Line => ['copies', copyWords(copy)]),
  ['proof', proofWords(one.proof, clock)],
  ...one.verified.map((verified): Line => ['verified', verifiedWords(verified, clock)]),
  ...growthLine(one),
  ...one.kept.map(
    ({ replacedAt, until }): Line => [
      'previous',
      `what the restore ${ago(replacedAt, clock)} replaced, until ${localTime(until, clock.timezone)}`,
    ],
  ),
  ...one.leftovers.map(({ repository, key }): Line => ['leftovers', `${repository}: ${key}`]),
  ['log', logWords(one, clock)],
];

const ago = (time: string, { now }: Clock): string => `${formatAge(new Date(time), now)} ago`;

const lastWords = ({ last }: DeploymentStatus, clock: Clock): string =>
  last === null
    ? 'none'
    : `${last.backup}, ${ago(last.at, clock)}, ${last.tiers.join(' and ')}, ${formatBytes(last.bytes)}`;

/** `daily 2026-11-22 02:00, weekly 2026-11-22 03:00`. */
const timesLine = (
  label: string,
  times: readonly { name: string; at: string }[],
  { timezone }: Clock,
): Line[] =>
  times.length === 0
    ? []
    : [[label, times.map(({ name, at }) => `${name} ${localTime(at, timezone)}`).join(', ')]];

const runningLines = ({ operation }: DeploymentStatus, clock: Clock): Line[] => {
  if (operation === null) return [];
  const { kind, run, startedAt, back, interrupted } = operation;
  const what = `${back ? `roll-back of a ${kind}` : kind}${run === '' ? '' : ` (${run})`}`;
  return [[interrupted ? 'interrupted' : 'running', `${what}, begun ${ago(startedAt, clock)}`]];
};

const missedWords = (
  { name, count, moments }: DeploymentStatus['missed'][number],
  { timezone }: Clock,
): string => {
  const more = count > moments.length ? ` and ${count - moments.length} more` : '';
  return `${name} ${moments.map((moment) => localTime(moment, timezone)).join(', ')}${more}`;
};

const copyWords = (copy: CopyStatus): string => {
  const { repository, problem, backups, bytes, missing, copying, doubtful } = copy;
  const damaged = doubtful.filter((one) => one.damaged).length;
  if (problem !== '') return `${repository}: does not answer`;
  const waiting = missing.length - copying.length;
  return [
    `${repository}: ${countOf(backups, 'backup')}, ${formatBytes(bytes)}`,
    ...(damaged === 0 ? [] : [`${damaged} damaged`]),
    ...(waiting === 0 ? [] : [`${waiting} missing`]),
    ...(copying.length === 0 ? [] : [`${copying.length} being copied`]),
  ].join(', ');
};

const proofWords = ({ last, recovery, maxAgeMs }: ProofStatus, clock: Clock): string => {
  const most = `may be ${formatSpan(maxAgeMs)} old`;
  if (last === null) return `none; ${most}`;
  const took =
    recovery === null
      ? ''
      : `; recovery time ${formatDuration(recovery.ms)}: ${formatBytes(recovery.rawBytes)}`;
  return `${last.backup} restored by a ${last.by} ${ago(last.at, clock)}, ${most}${took}`;
};

const verifiedWords = (
  { repository, at, outcome }: DeploymentStatus['verified'][number],
  clock: Clock,
): string => (at === null ? `${repository}: never` : `${repository}: ${outcome} ${ago(at, clock)}`);

const growthLine = ({ growth: { weekBytes, monthBytes } }: DeploymentStatus): Line[] => {
  const words = [
    ...(weekBytes === null ? [] : [`${signed(weekBytes)} in a week`]),
    ...(monthBytes === null ? [] : [`${signed(monthBytes)} in a month`]),
  ];
  return words.length === 0 ? [] : [['growth', `${words.join(', ')} (a backup)`]];
};

const signed = (bytes: number): string => `${bytes < 0 ? '-' : '+'}${formatBytes(Math.abs(bytes))}`;

const logWords = ({ log }: DeploymentStatus, clock: Clock): string =>
  log.last === null
    ? 'empty'
    : `${countOf(log.entries, 'entry', 'entries')}, the last ${ago(log.last, clock)}`;
