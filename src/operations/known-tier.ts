// Which tiers a backup may be made for, and which moment of its tier it belongs to.
import type { Config } from '../config/config.js';
import { Failure } from '../domain/failure.js';
import { isMoment } from '../domain/moments.js';
import { SAFETY_TIER } from '../domain/names.js';
import { MANUAL_TIER } from '../domain/tiers.js';

interface Asked {
  deployment: string;
  tier: string;
}

/** A backup that nobody has said how long to keep is none. @throws INPUT_INVALID, naming the known ones */
export const requireKnownTier = (config: Config, { deployment, tier }: Asked): void => {
  const tiers = config.routines[deployment]?.tiers ?? [];
  const made = tiers.filter(({ name, from }) => from === null && name !== SAFETY_TIER);
  const known = [...new Set([...made.map(({ name }) => name), MANUAL_TIER])];
  if (known.includes(tier)) return;
  const hint = `known tiers: ${known.join(', ')}`;
  const from = tiers.find(({ name }) => name === tier)?.from ?? null;
  if (from !== null)
    throw new Failure('INPUT_INVALID', `${tier} has no backups of its own: it keeps those of ${from}`, {
      hint,
    });
  if (tier === SAFETY_TIER)
    throw new Failure('INPUT_INVALID', 'safety backups are made by restores in place alone', { hint });
  throw new Failure('INPUT_INVALID', `${deployment} has no tier ${tier} in ${config.file}`, { hint });
};

/**
 * The moment itself where it is one of its tier's schedule. Somebody's click on Trigger comes with a moment too; null then, so
 * that its backup takes no scheduled one's place.
 */
export const ownMoment = (
  { routines, timezone }: Pick<Config, 'routines' | 'timezone'>,
  { deployment, tier }: Asked,
  moment: string | null,
): string | null => {
  const schedule = routines[deployment]?.tiers.find(({ name }) => name === tier)?.schedule ?? null;
  if (schedule === null || moment === null) return null;
  return isMoment({ schedule, timezone }, new Date(moment)) ? moment : null;
};
