// What an operation record holds of a drill.
import type { DrillOutcome } from '../domain/drills.js';
import type { LeftOut } from '../tools/pg-dump.js';

/** How a drill restores, and what came of it. */
export interface RecordedDrill {
  /** On a second server: tablespaces are not used, and owners and rights only where it has the roles. */
  elsewhere: boolean;
  withoutOwners: boolean;
  /** null until it is known. */
  outcome: DrillOutcome | null;
}

/** What its databases are restored without. */
export const leftOutOf = ({ drill }: { drill?: RecordedDrill }): LeftOut => ({
  owners: drill?.withoutOwners ?? false,
  tablespaces: drill?.elsewhere ?? false,
});
