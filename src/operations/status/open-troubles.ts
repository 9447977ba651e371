// Which of the runs that failed still count: a page says what is wrong now, and nothing twice.
import type { TierSuccess } from '../../domain/overdue.js';
import { MANUAL_TIER, type Routine } from '../../domain/tiers.js';
import { schedulesOf } from '../notify/repeating.js';
import type { Trouble } from '../notify/troubles.js';
import type { CopyStatus, ProofStatus } from './status.js';

export interface TroubleFacts {
  routine: Routine | undefined;
  successes: readonly TierSuccess[];
  proof: ProofStatus | null;
  copies: readonly CopyStatus[];
  now: Date;
}

export const openTroubles = (troubles: readonly Trouble[], facts: TroubleFacts): Trouble[] =>
  troubles.filter(
    (trouble) => !isForgotten(trouble, facts) && !isMended(trouble, facts) && !isSaidAnyway(trouble, facts),
  );

const SHOWN_MS = 7 * 86_400_000;

/** Its tier is gone; or a person started it, nothing starts it again, and whoever is to know of it has had a week. */
const isForgotten = ({ what, tier, at }: Trouble, { routine, now }: TroubleFacts): boolean => {
  const tiers = [MANUAL_TIER, ...(routine?.tiers ?? []).map(({ name }) => name)];
  if (what === 'backup' && !tiers.includes(tier)) return true;
  return schedulesOf({ what, tier }, routine).length === 0 && now.getTime() - Date.parse(at) > SHOWN_MS;
};

/** One by hand is done as soon as there is a newer backup, a drill as soon as there is a newer proof. */
const isMended = ({ what, tier, at }: Trouble, { successes, proof }: TroubleFacts): boolean => {
  if (what === 'drill') return proof?.last != null && proof.last.at > at;
  const own = successes.filter((success) => tier === MANUAL_TIER || success.tier === tier);
  return what === 'backup' && own.some(({ finishedAt }) => finishedAt > at);
};

const isSaidAnyway = ({ what }: Trouble, { proof, copies }: TroubleFacts): boolean => {
  if (what === 'drill') return proof?.failed != null;
  return what === 'verify' && copies.some(({ doubtful }) => doubtful.some(({ damaged }) => damaged));
};
