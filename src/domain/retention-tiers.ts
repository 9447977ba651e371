// What the tiers keep. A tier with a schedule counts its moments, so that no number of backups of one moment displaces another
// moment's; a tier with `from` keeps the first backup of another one in each of its own moments.
import type { RetentionFacts, RetentionInput } from './retention-input.js';
import { firstsOf, type Slot, slotsOf } from './retention-slots.js';
import type { KeepRule, TierSettings } from './tiers.js';

export interface KeptByTier {
  keeps: boolean;
  /** One sentence: of the tier that keeps it, or why none of its own does. */
  reason: string;
}

type Good = RetentionFacts & { id: string };
type Deciding = Pick<RetentionInput, 'repository' | 'tiers' | 'momentOf' | 'now'>;

/** By the backup's id: what one of the tiers has to say of it. */
export const tierVerdicts = (good: readonly Good[], deciding: Deciding): ReadonlyMap<string, KeptByTier> => {
  const verdicts = new Map<string, KeptByTier>();
  for (const tier of deciding.tiers)
    for (const { id, keeps, reason } of verdictsOf(tier, good, deciding)) {
      const known = verdicts.get(id);
      if (known === undefined || (keeps && !known.keeps)) verdicts.set(id, { keeps, reason });
    }
  return verdicts;
};

type TierVerdict = KeptByTier & { id: string };

const verdictsOf = (tier: TierSettings, good: readonly Good[], deciding: Deciding): TierVerdict[] => {
  const rule: KeepRule = tier.keep[deciding.repository] ?? { kind: 'all' };
  const { name, from } = tier;
  const judge = (id: string, age: number): TierVerdict => ({ id, ...byAge(rule, { name, age }) });
  const age = ({ startedAt }: Good): number => deciding.now.getTime() - Date.parse(startedAt);
  if (from === null) {
    const own = good.filter(({ tiers }) => tiers.includes(name));
    if (rule.kind === 'slots') return byRank(rule.slots, name, slotsOf(tier, own, deciding.momentOf));
    return own.map((backup) => judge(backup.id, age(backup)));
  }
  const source = deciding.tiers.find((other) => other.name === from);
  if (source === undefined) return [];
  const others = good.filter(({ tiers }) => tiers.includes(from));
  const firsts = firstsOf(tier, slotsOf(source, others, deciding.momentOf), deciding.momentOf);
  // What is not kept here is the other tier's to speak of.
  const verdicts =
    rule.kind === 'slots'
      ? byRank(rule.slots, name, firsts)
      : firsts.map(({ stands }) => judge(stands.id, age(stands)));
  return verdicts.filter(({ keeps }) => keeps);
};

/** @param slots newest moment first */
const byRank = (count: number, name: string, slots: readonly Slot[]): TierVerdict[] =>
  slots.flatMap(({ stands, others }, index) => {
    const keeps = index < count;
    const reason = rankInWords(name, { count, index });
    return [
      { id: stands.id, keeps, reason },
      ...others.map(({ id }) => ({
        ...{ id, keeps: false },
        reason: keeps ? `${name} has ${stands.id} of the same moment` : reason,
      })),
    ];
  });

const rankInWords = (name: string, { count, index }: { count: number; index: number }): string => {
  if (count === 0) return `${name} keeps none here`;
  const moments = `${count} ${count === 1 ? 'moment' : 'moments'}`;
  return index < count
    ? `${name} keeps ${moments}, and this is number ${index + 1}`
    : `${name} keeps ${moments}, all of them newer`;
};

const byAge = (rule: KeepRule, { name, age }: { name: string; age: number }): KeptByTier => {
  if (rule.kind !== 'for') return { keeps: true, reason: `${name} keeps everything` };
  return age < rule.ms
    ? { keeps: true, reason: `${name} keeps it for ${spoken(rule.ms)}` }
    : { keeps: false, reason: `${name} keeps it for ${spoken(rule.ms)}, and they are over` };
};

const UNITS = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
] as const;

const spoken = (ms: number): string => {
  const [unit, length] = UNITS.find(([, unitMs]) => ms % unitMs === 0) ?? (['seconds', 1000] as const);
  const count = Math.round(ms / length);
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
};
