// Why backups are kept: a tier has a schedule, or takes its backups from another tier, and says for how long in each repository.

/** How much of a tier a repository keeps. */
export type KeepRule =
  /** As many scheduled moments: several backups of one moment count once. */
  { kind: 'slots'; slots: number } | { kind: 'for'; ms: number } | { kind: 'all' };

export interface TierSettings {
  name: string;
  /** Five fields of cron, in the time zone of the configuration; null: none is made by itself. */
  schedule: string | null;
  /** The tier whose backups it keeps for longer: the first one of each of its own moments. null: it has backups of its own. */
  from: string | null;
  /** By the repository's name; every repository of the deployment is in it. */
  keep: Record<string, KeepRule>;
  /** How long after its moment a missed run is still made. */
  catchUpMs: number;
  /** Runs begin up to so much later, so that not all hosts do at once. */
  jitterMs: number;
}

/** A schedule of something that makes no backup: `verify`, `drill`. */
export interface TimedSettings {
  schedule: string;
  catchUpMs: number;
  jitterMs: number;
}

/** Backups that somebody made by hand are kept so long, those that a restore in place made so long. */
export const MANUAL_TIER = 'manual';

/** What is done to a deployment by itself. */
export interface Routine {
  /** In the order in which they are written. */
  tiers: TierSettings[];
  /** When stored backups are read again; null: never. */
  verify: TimedSettings | null;
  drill: DrillRoutine;
  /** A scheduled run that has not ended after so long gives up; null: before its tier's next moment, twelve hours at most. */
  giveUpAfterMs: number | null;
}

export interface DrillRoutine {
  /** null: none is made by itself. */
  timed: TimedSettings | null;
  /** The last proof may be so old. */
  maxAgeMs: number;
}
