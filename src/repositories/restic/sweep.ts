// Bytes of attempts that failed, and that nobody forgot because somebody used the repository: no object consists of them. They
// may be another host's, or of an attempt that runs: so what is younger than a week stays.
import type { Effect } from '../../domain/effect.js';
import type { ResticSnapshot } from '../../tools/restic-output.js';
import { forgetIfFree } from './remove.js';
import type { ResticSession } from './session.js';
import { snapshotsOf } from './snapshots.js';
import { partsIn } from './tags.js';

const WEEK_MS = 7 * 24 * 3_600_000;

export const sweepUnnamed = async (session: ResticSession, effect: Effect, now: Date): Promise<void> => {
  const ids = unnamed(await snapshotsOf(session, ''), now);
  if (ids.length > 0) await effect('forget what no object consists of', () => forgetIfFree(session, ids));
};

/** Ids. */
const unnamed = (snapshots: readonly ResticSnapshot[], now: Date): string[] => {
  const used = new Set(snapshots.flatMap(({ tags }) => partsIn(tags).map(({ id }) => id.slice(0, SHORT))));
  return snapshots
    .filter(({ tags }) => tags.includes('holdfast') && tags.includes('data') && !tags.includes('object'))
    .filter(({ time }) => now.getTime() - time.getTime() > WEEK_MS)
    .map(({ id }) => id)
    .filter((id) => !used.has(id.slice(0, SHORT)));
};

/** An old restic names only the beginning of an id: two that begin alike both stay. */
const SHORT = 8;
