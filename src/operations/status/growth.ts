// Which backup is the last one, and how much bigger than those before it.
import { backupType } from '../../domain/names.js';
import { type GoodBackup, type KnownBackups, newestGood } from '../good-backups.js';
import type { DeploymentStatus, LastBackup } from './status.js';

export const lastBackup = (known: Pick<KnownBackups, 'good'>): LastBackup | null => {
  const last = newestGood(known);
  if (last === undefined) return null;
  const { id, startedAt, tiers, bytes, repositories } = last;
  return { backup: id, at: startedAt, tiers: [...tiers], bytes, repositories };
};

const DAY_MS = 86_400_000;

/** Beside one of the same type, or the number would say nothing. */
export const growthOf = (backups: readonly GoodBackup[]): DeploymentStatus['growth'] => {
  const [newest] = backups;
  const since = (days: number): number | null => {
    if (newest === undefined) return null;
    const until = Date.parse(newest.startedAt) - days * DAY_MS;
    const before = backups.find(
      ({ id, startedAt }) => backupType(id) === backupType(newest.id) && Date.parse(startedAt) <= until,
    );
    // One of much longer ago says nothing of this week.
    if (before === undefined || Date.parse(before.startedAt) < until - days * DAY_MS) return null;
    return newest.bytes - before.bytes;
  };
  return { weekBytes: since(7), monthBytes: since(30) };
};
