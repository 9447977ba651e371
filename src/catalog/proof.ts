// How a backup was proved: only what the log says, and somebody has signed who is trusted.
import { isTrusted } from '../domain/signature.js';
import type { ReadEntry, ReadLog } from './log.js';

/** `restored`: by a drill or a restore of all of it. `decoded`: its dumps and archives were read. `intact`: its bytes were. */
export type ProofKind = 'restored' | 'decoded' | 'intact' | 'none';

export interface Proof {
  how: ProofKind;
  /** When, ISO 8601, and by what; empty: never. */
  at: string;
  by: 'drill' | 'restore' | 'verify' | '';
}

const UNPROVED: Proof = { how: 'none', at: '', by: '' };

/** The newest of the best kind. What was damaged after it was verified is not intact by that. */
export const proofOf = ({ entries }: Pick<ReadLog, 'entries'>, backup: string): Proof => {
  const trusted = entries.filter(({ signer }) => isTrusted(signer));
  const restored = trusted.find((entry) => entry.backup === backup && isRestored(entry));
  if (restored !== undefined)
    return { how: 'restored', at: restored.at, by: restored.kind === 'drill' ? 'drill' : 'restore' };
  const good = sinceDamage(
    trusted.filter((entry) => covers(entry, backup)),
    backup,
  );
  const best = good.find(({ facts }) => facts.decode === true) ?? good[0];
  if (best === undefined) return UNPROVED;
  return { how: best.facts.decode === true ? 'decoded' : 'intact', at: best.at, by: 'verify' };
};

/** Backups that were restored whole, whoever trusted says so. */
export const restoredBackups = ({ entries }: Pick<ReadLog, 'entries'>): Set<string> =>
  new Set(
    entries.filter((entry) => isTrusted(entry.signer) && isRestored(entry)).map(({ backup }) => backup),
  );

/** Those that the last verification of one repository found damaged, and when. */
export const damagedIn = ({ entries }: Pick<ReadLog, 'entries'>, repository: string): Map<string, string> => {
  const damaged = new Map<string, string>();
  const verified = entries.filter(
    ({ kind, signer, facts }) => kind === 'verify' && isTrusted(signer) && facts.repository === repository,
  );
  for (const entry of verified.toReversed()) {
    for (const backup of [...damaged.keys()]) if (covers(entry, backup)) damaged.delete(backup);
    const found = entry.facts.damaged;
    for (const backup of Array.isArray(found) ? found : []) damaged.set(backup, entry.at);
  }
  return damaged;
};

const isRestored = ({ kind, outcome, facts }: ReadEntry): boolean =>
  (kind === 'drill' || kind === 'restore') && outcome === 'restored' && facts.only === undefined;

/** Every backup from the newest to the oldest one that it names was read. */
const covers = ({ kind, facts }: ReadEntry, backup: string): boolean =>
  kind === 'verify' && typeof facts.oldest === 'string' && typeof facts.newest === 'string'
    ? facts.oldest <= backup && backup <= facts.newest
    : false;

/** Of each repository those that came after it was found damaged there. @param entries newest first */
const sinceDamage = (entries: readonly ReadEntry[], backup: string): ReadEntry[] => {
  const damaged = new Set<unknown>();
  return entries.filter((entry) => {
    if (isDamaged(entry, backup)) damaged.add(entry.facts.repository);
    return !damaged.has(entry.facts.repository);
  });
};

/** Where not all of the damaged ones are named, it may be any. */
const isDamaged = ({ facts: { damaged, omitted } }: ReadEntry, backup: string): boolean =>
  (Array.isArray(damaged) && damaged.includes(backup)) || omitted !== undefined;
