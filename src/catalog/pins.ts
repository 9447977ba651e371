// Backups that somebody pinned or unpinned after they were made: manifests never change, so the log says it.
import type { LogEvent } from '../domain/log-entry.js';
import { EVERY_BACKUP } from '../domain/retention-input.js';
import { isTrusted } from '../domain/signature.js';
import type { ReadLog } from './log.js';
import { kindOf } from './log-object.js';

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

/** Why nothing may go: an entry that pins or unpins a backup cannot be read, so that each of them may be pinned. */
export const lostPins = ({ unreadable }: Pick<ReadLog, 'unreadable'>): [string, string][] =>
  unreadable
    .filter(({ name }) => kindOf(name) === 'pin')
    .slice(0, 1)
    .map(({ name, where }) => [
      EVERY_BACKUP,
      `log/${name} in ${where} cannot be read and may pin it: pin again what is to stay, then remove that object`,
    ]);
