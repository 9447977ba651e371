// Backups that somebody pinned or unpinned after they were made: manifests never change, so the log says it.
import type { LogEvent } from '../domain/log-entry.js';
import { isTrusted } from '../domain/signature.js';
import type { ReadLog } from './log.js';

export const PINNED = 'pinned';
export const UNPINNED = 'unpinned';

/** By the backup's id; where there is none, its manifest counts. @param noted what this host noted and has not signed yet */
export const pinsOf = (
  { entries }: Pick<ReadLog, 'entries'>,
  noted: readonly LogEvent[],
): ReadonlyMap<string, boolean> => {
  const signed: LogEvent[] = entries.filter(({ signer }) => isTrusted(signer));
  return new Map(
    [...signed, ...noted]
      .filter(({ kind }) => kind === 'pin')
      .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
      .map(({ backup, outcome }) => [backup, outcome === PINNED]),
  );
};
