// Backups that are being read or written now, and those that somebody may still have to go back to: nothing removes them.
import { EVERY_BACKUP } from '../../domain/retention-input.js';
import type { Host } from '../context.js';
import { readLeases } from '../copies/copy-lease.js';
import { readHolds } from '../holds.js';
import { readRecord } from '../record.js';
import { listKept } from '../swap/kept.js';

/** By the backup's id: one sentence. Failure STATE_DAMAGED rather than a guess; but for a hold, which ends by itself, EVERY_BACKUP. */
export const backupsInUse = async (
  { state }: Pick<Host, 'state'>,
  deployment: string,
): Promise<Map<string, string>> => {
  const [leases, record, kept, { holds, unreadable }] = await Promise.all([
    readLeases(state, deployment),
    readRecord(state, deployment),
    listKept(state, deployment),
    readHolds(state, deployment),
  ]);
  const safety = record?.inPlace?.safety?.backup;
  return new Map([
    ...unreadable.slice(0, 1).map(({ message }): [string, string] => [EVERY_BACKUP, message]),
    ...kept.flatMap(({ inPlace }): [string, string][] =>
      inPlace === undefined || inPlace.safety === ''
        ? []
        : [[inPlace.safety, 'it is the way back from the last restore in place']],
    ),
    ...holds.map(({ backup }): [string, string] => [backup, 'a restore of it waits for its approval']),
    ...leases.map(({ backup, to }): [string, string] => [backup, `it is being copied to ${to}`]),
    ...(record === null ? [] : [[record.backup, `a ${record.kind} is at it`] as const]),
    ...(safety === undefined ? [] : [[safety, 'a restore in place goes back to it if it fails'] as const]),
  ]);
};
