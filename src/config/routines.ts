// What is done to a deployment by itself: its tiers, verifications and drills.
import { shortestGapMs } from '../domain/moments.js';
import type { DrillRoutine, KeepRule, Routine, TierSettings, TimedSettings } from '../domain/tiers.js';
import { parseDuration } from './duration.js';
import type { DeploymentShape } from './schema.js';
import type { TierShape, TimedShape } from './schema-tiers.js';
import { BUILT_IN_TIERS, USUAL_DRILL, USUAL_VERIFY, usualSchedule } from './usual-tiers.js';

interface Surroundings {
  /** The deployment's, by name. */
  repositories: readonly string[];
  /** Whether what it stores can be opened here. */
  opens: boolean;
}

/** Without `tiers` nothing is made, and nothing removed, by itself. */
export const routineOf = (shape: DeploymentShape, around: Surroundings): Routine => {
  const { tiers = {}, verify = {}, drill = {}, giveUpAfter } = shape;
  const hasTiers = Object.keys(tiers).length > 0;
  return {
    tiers: hasTiers ? tiersOf(tiers, around.repositories) : [],
    verify: verify === 'never' ? null : timedOf(verify, hasTiers ? USUAL_VERIFY : null),
    drill: drillOf(drill, hasTiers && around.opens),
    giveUpAfterMs: giveUpAfter === undefined ? null : milliseconds(giveUpAfter),
  };
};

const tiersOf = (shapes: Record<string, TierShape>, repositories: readonly string[]): TierSettings[] => {
  const unsaid = Object.keys(BUILT_IN_TIERS).filter((name) => !Object.hasOwn(shapes, name));
  return [
    ...Object.entries(shapes).map(([name, shape]) => tierOf(name, shape, repositories)),
    ...unsaid.map((name) => tierOf(name, { keepFor: BUILT_IN_TIERS[name] ?? '' }, repositories)),
  ];
};

const tierOf = (name: string, shape: TierShape, repositories: readonly string[]): TierSettings => {
  const timed = timedOf(shape, usualSchedule(name) ?? null);
  return {
    name,
    schedule: timed?.schedule ?? null,
    from: shape.from ?? null,
    keep: Object.fromEntries(repositories.map((repository) => [repository, ruleFor(repository, shape)])),
    catchUpMs: timed?.catchUpMs ?? 0,
    jitterMs: timed?.jitterMs ?? 0,
  };
};

const ruleFor = (repository: string, { keep, keepFor }: TierShape): KeepRule => {
  const slots = typeof keep === 'object' ? keep[repository] : keep;
  if (typeof slots === 'number') return { kind: 'slots', slots };
  const time = typeof keepFor === 'object' ? keepFor[repository] : keepFor;
  return time === undefined ? { kind: 'all' } : { kind: 'for', ms: milliseconds(time) };
};

const drillOf = (drill: NonNullable<DeploymentShape['drill']>, usual: boolean): DrillRoutine => ({
  timed: timedOf(drill, usual ? USUAL_DRILL : null),
  maxAgeMs: milliseconds(drill.maxAge ?? '35d'),
});

/** @param usual the schedule of what is given none; null: then there is none */
const timedOf = (shape: TimedShape, usual: string | null): TimedSettings | null => {
  const schedule = shape.schedule?.trim() ?? usual;
  if (schedule === null || schedule === 'never') return null;
  const gapMs = shortestGapMs(schedule);
  return {
    schedule,
    catchUpMs: shape.catchUp === undefined ? Math.min(DAY_MS, gapMs) : milliseconds(shape.catchUp),
    jitterMs: shape.jitter === undefined ? Math.min(TWO_MINUTES_MS, gapMs / 10) : jitterOf(shape.jitter),
  };
};

const DAY_MS = 86_400_000;
const TWO_MINUTES_MS = 120_000;

const jitterOf = (jitter: string): number => (jitter === 'none' ? 0 : milliseconds(jitter));

const milliseconds = (duration: string): number => parseDuration(duration) ?? Number.NaN;
