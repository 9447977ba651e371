// A deployment's good backups, whichever of its repositories hold them.
import type { RepositoryFacts } from '../../catalog/retention-facts.js';
import { Failure } from '../../domain/failure.js';
import { SAFETY_TIER } from '../../domain/names.js';
import type { DeploymentStatus, LastBackup } from './status.js';

export interface GoodBackup {
  id: string;
  tiers: readonly string[];
  startedAt: string;
  scheduledFor: string | null;
  bytes: number;
  repositories: string[];
}

/** Newest first. */
export const goodBackups = (repositories: readonly RepositoryFacts[]): GoodBackup[] => {
  const known = new Map<string, GoodBackup>();
  for (const { settings, backups, bytes } of repositories) {
    for (const { id, facts } of backups instanceof Failure ? [] : backups) {
      if (facts === null) continue;
      const { tiers, startedAt, scheduledFor } = facts;
      const one = known.get(id) ?? {
        ...{ id, tiers, startedAt, scheduledFor, bytes: bytes.get(id) ?? 0 },
        repositories: [],
      };
      one.repositories.push(settings.name);
      known.set(id, one);
    }
  }
  return [...known.values()].sort((a, b) => (a.id < b.id ? 1 : -1));
};

export const lastBackup = (backups: readonly GoodBackup[]): LastBackup | null => {
  const last = backups.find(({ tiers }) => !tiers.includes(SAFETY_TIER));
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
      ({ id, startedAt }) => typeOf(id) === typeOf(newest.id) && Date.parse(startedAt) <= until,
    );
    // One of much longer ago says nothing of this week.
    if (before === undefined || Date.parse(before.startedAt) < until - days * DAY_MS) return null;
    return newest.bytes - before.bytes;
  };
  return { weekBytes: since(7), monthBytes: since(30) };
};

const typeOf = (id: string): string => id.split('-')[1] ?? '';
