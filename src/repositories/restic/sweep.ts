// Bytes of attempts that failed, and that nobody forgot because somebody used the repository: no object consists of them. They
// may be another host's, or of an attempt that runs: so what is younger than a week stays.
import type { Effect } from '../../domain/effect.js';
import { resticListAll } from '../../tools/restic.js';
import { type ResticSnapshot, resticSnapshots } from '../../tools/restic-output.js';
import { partsIn } from './held.js';
import { forgetIfFree } from './remove.js';
import { ask, type ResticSession } from './session.js';

const WEEK_MS = 7 * 24 * 3_600_000;

export const sweepUnnamed = async (session: ResticSession, effect: Effect, now: Date): Promise<void> => {
  const ids = unnamed(resticSnapshots(await ask(session, resticListAll)), now);
  if (ids.length > 0) await effect('forget what no object consists of', () => forgetIfFree(session, ids));
};

/** Ids. */
const unnamed = (snapshots: readonly ResticSnapshot[], now: Date): string[] => {
  const used = new Set(snapshots.flatMap(({ tags }) => partsIn(tags).map(({ id }) => id.slice(0, SHORT))));
  return snapshots
    .filter(({ tags, time }) => tags.includes('data') && now.getTime() - time.getTime() > WEEK_MS)
    .map(({ id }) => id)
    .filter((id) => !used.has(id.slice(0, SHORT)));
};

/** An old restic names only the beginning of an id: two that begin alike both stay. */
const SHORT = 8;
