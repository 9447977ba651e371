// What may be asked of `prune`, and what it comes to.
import { isName } from './names.js';
import { reader } from './request-reader.js';

export interface PruneRequest {
  /** null: all of them. */
  deployment: string | null;
  /** Says what would be removed, and removes nothing. */
  dryRun: boolean;
  /** Also when more than half would go, or the clock is behind. */
  force: boolean;
  /** A tier that is no longer configured: its backups are not kept for it any more. */
  dropTier: string | null;
}

const KEYS = ['deployment', 'dryRun', 'force', 'dropTier'];

/** Without input it is about all deployments. */
export const parsePruneRequest = (input: unknown): PruneRequest => {
  const read = reader(input === undefined ? {} : input, 'prune', KEYS, '{"deployment": "edms"}');
  return {
    deployment: read.optional('deployment', null, isName, 'a name'),
    dryRun: read.optional('dryRun', false, isChoice, 'true or false'),
    force: read.optional('force', false, isChoice, 'true or false'),
    dropTier: read.optional('dropTier', null, isName, 'the name of a tier'),
  };
};

const isChoice = (value: unknown): value is boolean => typeof value === 'boolean';

/** What a step of it gives: the outcome, and a line for each backup that goes, as many as fit. */
export interface PruneStep {
  pruned: PrunedRepository;
  lines: string[];
}

/** One repository of one deployment after a run of `prune`. */
export interface PrunedRepository {
  deployment: string;
  repository: string;
  /**
   * `stopped`: more would go than without being asked; `not ours`: another host's, or nobody's yet; `failed`: it does not
   * answer, or something in it could not be removed.
   */
  state: 'pruned' | 'planned' | 'stopped' | 'not ours' | 'failed';
  /** Backups that are gone, or would go, and their bytes; and those that stay. */
  removed: number;
  bytes: number;
  kept: number;
  /** What interrupted attempts had left. */
  leftovers: number;
  /** Why it is not `pruned`, and the next step; empty: it is. */
  problem: string;
  hint: string;
}

export interface PruneResult {
  /** Each repository holds what it is to hold. */
  ok: boolean;
  repositories: PrunedRepository[];
  /** How many more there are: the run's details show them. */
  omitted: number;
}
