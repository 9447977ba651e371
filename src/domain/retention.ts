// What a repository keeps of a deployment's backups, and why: a pure function of what it holds, the log's proofs, the tiers
// and a time. Nothing is removed for being unknown, unreadable or the last of its kind.
import { BACKUP_TYPES, SAFETY_TIER } from './names.js';
import {
  heldFor,
  type RetentionBackup,
  type RetentionFacts,
  type RetentionInput,
} from './retention-input.js';
import { type KeptByTier, tierVerdicts } from './retention-tiers.js';

export type KeptBy =
  | 'tier'
  | 'pin'
  | 'unknown tier'
  | 'newest'
  | 'restored'
  | 'held'
  | 'unreadable'
  | 'no tiers';

export interface Verdict {
  backup: string;
  /** null: it goes. */
  keptBy: KeptBy | null;
  /** One sentence. */
  reason: string;
}

export interface Retention {
  /** Newest first. */
  verdicts: Verdict[];
  /** Why nothing is removed unless somebody insists; empty: nothing speaks against it. */
  stop: string;
}

export const retentionOf = (input: RetentionInput): Retention => {
  const backups = input.backups.toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const good = backups.flatMap(({ id, facts }) => (facts === null ? [] : [{ id, ...facts }]));
  const last = { newest: newestOf(good), restored: good.find(({ id }) => input.restored.has(id))?.id };
  const byTiers = tierVerdicts(good, input);
  const verdicts = backups.map((backup) => verdictOn(backup, { input, last, byTiers }));
  return { verdicts, stop: stopOf(good, verdicts, input.now) };
};

type Good = RetentionFacts & { id: string };

interface Judging {
  input: RetentionInput;
  last: { newest: ReadonlySet<string>; restored: string | undefined };
  byTiers: ReadonlyMap<string, KeptByTier>;
}

const verdictOn = ({ id, facts, problem }: RetentionBackup, { input, last, byTiers }: Judging): Verdict => {
  const kept = (keptBy: KeptBy, reason: string): Verdict => ({ backup: id, keptBy, reason });
  if (facts === null) return kept('unreadable', problem);
  if (input.tiers.length === 0) return kept('no tiers', 'no tiers are configured, so nothing is removed');
  if (facts.pinned) return kept('pin', 'it is pinned');
  const byTier = byTiers.get(id) ?? {
    keeps: false,
    reason: `its tier ${facts.tiers.join(', ')} keeps nothing any more`,
  };
  if (byTier.keeps) return kept('tier', byTier.reason);
  const unknown = facts.tiers.find((tier) => isUnknown(tier, input));
  if (unknown !== undefined)
    return kept('unknown tier', `its tier ${unknown} is no longer configured; prune --drop-tier ${unknown}`);
  if (last.newest.has(id)) return kept('newest', 'it is the newest backup of its kind that can be read');
  if (last.restored === id) return kept('restored', 'it is the newest backup that is known to restore');
  const held = heldFor(input.held, id);
  if (held !== undefined) return kept('held', held);
  return { backup: id, keptBy: null, reason: byTier.reason };
};

const isUnknown = (tier: string, { tiers, dropTier }: RetentionInput): boolean =>
  tier !== dropTier && !tiers.some(({ name }) => name === tier);

/** The newest of all, and of each type the newest that no restore made: a dump alone replaces no full backup. */
const newestOf = (good: readonly Good[]): ReadonlySet<string> => {
  const ordinary = good.filter(({ tiers }) => !tiers.includes(SAFETY_TIER));
  const ofType = BACKUP_TYPES.map((type) => ordinary.find(({ id }) => id.includes(`-${type}-`)));
  return new Set([good[0], ...ofType].flatMap((one) => one?.id ?? []));
};

const stopOf = (good: readonly Good[], verdicts: readonly Verdict[], now: Date): string => {
  const going = verdicts.filter(({ keptBy }) => keptBy === null).length;
  if (going === 0) return '';
  const latest = Math.max(...good.map(({ startedAt }) => Date.parse(startedAt)));
  if (latest > now.getTime())
    return `the clock says ${now.toISOString()}, but a backup began at ${new Date(latest).toISOString()}`;
  return going * 2 > good.length ? `${going} of ${good.length} backups would go, more than half of them` : '';
};
