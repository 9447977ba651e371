// What runs by itself: when next, and which of its moments came to nothing. By the configuration; no server is asked.
import { type Made, missedMoments } from '../../domain/missed.js';
import { momentsFrom } from '../../domain/moments-from.js';
import { dueTiers, type OverdueInput, overdueTiers, type TierSuccess } from '../../domain/overdue.js';
import { isTrusted } from '../../domain/signature.js';
import type { Routine } from '../../domain/tiers.js';
import { type KnownBackups, successesOf } from '../good-backups.js';
import type { DeploymentStatus } from './status.js';

export interface RoutineFacts extends Pick<KnownBackups, 'good' | 'log'> {
  routine: Routine;
  timezone: string;
  /** Since when it is configured as it is. */
  since: string;
  now: Date;
}

type RoutineStatus = Pick<DeploymentStatus, 'next' | 'overdue' | 'waiting' | 'missed'>;

export const routineStatus = (facts: RoutineFacts): RoutineStatus => {
  const { routine, timezone, since, now } = facts;
  const successes = successesOf(facts);
  const asked: OverdueInput = { routine, timezone, successes, since, now };
  const overdue = overdueTiers(asked);
  const late = new Set(overdue.map(({ tier }) => tier));
  return {
    next: scheduledIn(routine).flatMap(({ name, schedule }) => {
      const { value } = momentsFrom({ schedule, timezone }, now).next();
      return value === undefined ? [] : [{ name, at: value.toISOString() }];
    }),
    overdue,
    waiting: dueTiers(asked)
      .filter(({ tier }) => !late.has(tier))
      .map(({ tier, dueAt }) => ({ name: tier, dueAt })),
    missed: missedOf(facts, successes),
  };
};

interface Scheduled {
  name: string;
  schedule: string;
}

const scheduledIn = ({ tiers, verify, drill }: Routine): Scheduled[] => [
  ...tiers.flatMap(({ name, schedule, from }) =>
    schedule === null || from !== null ? [] : [{ name, schedule }],
  ),
  ...(verify === null ? [] : [{ name: 'verify', schedule: verify.schedule }]),
  ...(drill.timed === null ? [] : [{ name: 'drill', schedule: drill.timed.schedule }]),
];

const MISSED_WITHIN_MS = 30 * 86_400_000;
const SHOWN = 3;

/** Since the first of its kind: before that nobody missed it. */
const missedOf = (facts: RoutineFacts, successes: readonly TierSuccess[]): DeploymentStatus['missed'] => {
  const { routine, timezone, now } = facts;
  return scheduledIn(routine).flatMap(({ name, schedule }) => {
    const made = madeBy(name, facts, successes);
    if (made.length === 0) return [];
    const first = Math.min(...made.map(({ at }) => Date.parse(at)));
    const since = Math.max(first, now.getTime() - MISSED_WITHIN_MS);
    const missed = missedMoments({ schedule, timezone, made, since: new Date(since), now });
    const shown = missed.slice(-SHOWN).toReversed();
    return missed.length === 0
      ? []
      : [{ name, count: missed.length, moments: shown.map((moment) => moment.toISOString()) }];
  });
};

/** Tiers are never called verify or drill. */
const madeBy = (name: string, { log }: RoutineFacts, successes: readonly TierSuccess[]): Made[] =>
  name === 'verify' || name === 'drill'
    ? log.entries
        .filter(({ kind, signer }) => kind === name && isTrusted(signer))
        .map(({ at }) => ({ scheduledFor: null, at }))
    : successes
        .filter(({ tier }) => tier === name)
        .map(({ scheduledFor, finishedAt }) => ({ scheduledFor, at: finishedAt }));
