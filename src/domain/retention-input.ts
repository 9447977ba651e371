// What retention goes by: what a repository holds, what is known of it, and the tiers' rules.
import type { TierSettings } from './tiers.js';

/** The last moment of the tier's schedule at or before a time, both in milliseconds; null: it has no schedule. */
export type MomentOf = (tier: TierSettings, at: number) => number | null;

/** Where it stands for a backup's id among those that may not go: none of them may. */
export const EVERY_BACKUP = '*';

export const heldFor = (held: ReadonlyMap<string, string>, backup: string): string | undefined =>
  held.get(backup) ?? held.get(EVERY_BACKUP);

export interface RetentionBackup {
  id: string;
  /** null: it cannot be read, or nobody who is trusted has signed it, or it was found damaged; `problem` says which. */
  facts: RetentionFacts | null;
  problem: string;
}

export interface RetentionFacts {
  tiers: readonly string[];
  /** ISO 8601. */
  startedAt: string;
  scheduledFor: string | null;
  pinned: boolean;
}

export interface RetentionInput {
  /** The repository's name, for the rules that are its own. */
  repository: string;
  backups: readonly RetentionBackup[];
  tiers: readonly TierSettings[];
  momentOf: MomentOf;
  /** Backups that were restored whole, as the log says. */
  restored: ReadonlySet<string>;
  /** Why backups may not go now, whatever the tiers say: in use, or without the copy that another repository is to keep. @see EVERY_BACKUP */
  held: ReadonlyMap<string, string>;
  /** A tier that is no longer configured and keeps nothing any more; null: all of those keep what they have. */
  dropTier: string | null;
  now: Date;
}
