// A pin that is given or taken after a backup was made: an event like any other, and what `prune` reads before it is signed.
import { eventId } from '../../catalog/log-object.js';
import { PINNED, UNPINNED } from '../../catalog/pins.js';
import type { Host } from '../context.js';
import { noteForSure } from './log.js';

export const notePin = (
  host: Pick<Host, 'state' | 'effect'>,
  { deployment, backup, pinned }: { deployment: string; backup: string; pinned: boolean },
): Promise<void> => {
  const at = new Date().toISOString();
  return noteForSure(host, {
    ...{ deployment, kind: 'pin', id: eventId('pin', backup, at), at, backup },
    ...{ outcome: pinned ? PINNED : UNPINNED, facts: {} },
  });
};
