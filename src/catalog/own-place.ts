// Whether this host may write backups into a repository: it has lost none that were there, and nobody else's are.
import type { Effect } from '../domain/effect.js';
import { openRepository } from '../repositories/open-repository.js';
import type { CachePlace } from './cache.js';
import { claimOwnership, requireNoOtherOwner } from './owner.js';
import { requireNotVanished } from './vanished.js';

export interface OwnPlace extends CachePlace {
  instance: string;
}

/** Changes nothing. Failure REPOSITORY_UNREACHABLE where everything is gone, NOT_OWNER where it is another instance's. */
export const requireOwnPlace = async (place: OwnPlace): Promise<void> => {
  await requireNotVanished(place);
  await requireNoOtherOwner(openRepository(place.repository), place);
};

/** Claimed in one that is empty by mistake, it would never be missed again. */
export const claimPlace = async (place: OwnPlace, effect: Effect): Promise<void> => {
  await requireNotVanished(place);
  await claimOwnership(openRepository(place.repository), place, effect);
};
