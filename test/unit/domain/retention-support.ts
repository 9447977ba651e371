// Retention asked in few words.
import { tierMoments } from '../../../src/config/tier-moments.js';
import { retentionOf } from '../../../src/domain/retention.js';
import type { RetentionFacts, RetentionInput } from '../../../src/domain/retention-input.js';
import type { KeepRule, TierSettings } from '../../../src/domain/tiers.js';

export const tier = (
  name: string,
  { keep, schedule = null, from = null }: { keep: KeepRule; schedule?: string | null; from?: string | null },
): TierSettings => ({
  ...{ name, schedule, from, keep: { local: keep }, catchUpMs: 0, jitterMs: 0 },
});

export type Given = { id: string; problem?: string } & Partial<RetentionFacts>;

export interface Asked extends Partial<Omit<RetentionInput, 'backups'>> {
  backups: readonly Given[];
  tiers: readonly TierSettings[];
  now: Date;
}

const MOMENTS = tierMoments('Europe/Zurich');

export const retained = ({ backups, ...asked }: Asked) => {
  const { verdicts, stop } = retentionOf({
    ...{ repository: 'local', momentOf: MOMENTS, restored: new Set(), held: new Map(), dropTier: null },
    ...asked,
    backups: backups.map(({ id, problem, ...facts }) => ({
      id,
      facts: problem === undefined ? { ...NOTHING, ...facts } : null,
      problem: problem ?? '',
    })),
  });
  const ids = (keeps: boolean): string[] =>
    verdicts.filter(({ keptBy }) => (keptBy !== null) === keeps).map(({ backup }) => backup);
  return {
    stop,
    verdicts,
    /** Newest first, like those that are gone. */
    kept: () => ids(true),
    gone: () => ids(false),
    reasonOf: (backup: string) => verdicts.find((verdict) => verdict.backup === backup)?.reason,
  };
};

const NOTHING: RetentionFacts = { tiers: [], startedAt: '', scheduledFor: null, pinned: false };
