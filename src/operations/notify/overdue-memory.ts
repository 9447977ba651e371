// What this host remembers of each tier, so that nothing has to be asked every minute: since when it is configured as it is, and
// the last backups that were found.
import { join } from 'node:path';
import { z } from 'zod';
import type { TierSuccess } from '../../domain/overdue.js';
import type { Routine } from '../../domain/tiers.js';
import { readJson, replaceJson } from '../state-folder.js';

const memorySchema = z.object({
  version: z.literal(1),
  tiers: z.record(z.string(), z.object({ schedule: z.string(), since: z.iso.datetime() })),
  successes: z.array(
    z.object({ tier: z.string(), scheduledFor: z.string().nullable(), finishedAt: z.string() }),
  ),
});

export type OverdueMemory = z.output<typeof memorySchema>;

/** Brought up to what is configured: a tier that is new, or whose schedule changed, is known since now. */
export const recall = async (
  state: string,
  deployment: string,
  { routine, now }: { routine: Routine; now: Date },
): Promise<OverdueMemory> => {
  const stored = await readJson(fileOf(state, deployment)).catch(() => null);
  const known = memorySchema.safeParse(stored).data ?? { version: 1 as const, tiers: {}, successes: [] };
  const tiers = Object.fromEntries(
    routine.tiers.flatMap(({ name, schedule, from }) => {
      if (schedule === null || from !== null) return [];
      const before = known.tiers[name];
      const same = before !== undefined && before.schedule === schedule;
      return [[name, same ? before : { schedule, since: now.toISOString() }]];
    }),
  );
  const memory = { ...known, tiers };
  if (JSON.stringify(tiers) !== JSON.stringify(known.tiers))
    await replaceJson(fileOf(state, deployment), memory);
  return memory;
};

/** Of each tier: two days of hourly ones do not push out the only weekly one. */
const MOST = 20;

/** @param successes newest first */
export const remember = (
  state: string,
  deployment: string,
  { memory, successes }: { memory: OverdueMemory; successes: readonly TierSuccess[] },
): Promise<void> => replaceJson(fileOf(state, deployment), { ...memory, successes: newestOfEach(successes) });

const newestOfEach = (successes: readonly TierSuccess[]): TierSuccess[] => {
  const kept = new Map<string, number>();
  return successes.filter(({ tier }) => {
    const before = kept.get(tier) ?? 0;
    kept.set(tier, before + 1);
    return before < MOST;
  });
};

const fileOf = (state: string, deployment: string): string =>
  join(state, 'notify', 'tiers', `${deployment}.json`);
