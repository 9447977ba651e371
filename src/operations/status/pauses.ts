// Schedules that somebody has paused, as the agent sees them: noted in the state folder, since `status` asks no server and a
// backup that is paused fails nowhere.
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, replaceJson } from '../state-folder.js';

const pausesSchema = z.object({
  version: z.literal(1),
  pauses: z.array(
    z.object({
      deployment: z.string(),
      /** The tier, `verify` or `drill`. */
      name: z.string(),
      /** When it was first seen, ISO 8601. */
      since: z.iso.datetime(),
      /** Why, or who, as somebody said; empty: nobody said. */
      note: z.string(),
    }),
  ),
});

export type Pause = z.output<typeof pausesSchema>['pauses'][number];

/** As they were last seen. */
export const readPauses = async (state: string): Promise<Pause[]> => {
  const stored = await readJson(fileOf(state)).catch(() => null);
  return pausesSchema.safeParse(stored).data?.pauses ?? [];
};

/** @param seen all that are paused now */
export const notePauses = async (
  state: string,
  seen: readonly Omit<Pause, 'since'>[],
  now: Date,
): Promise<void> => {
  const known = await readPauses(state);
  const pauses = seen.map(({ deployment, name, note }): Pause => {
    const before = known.find((one) => one.deployment === deployment && one.name === name);
    return { deployment, name, since: before?.since ?? now.toISOString(), note };
  });
  if (JSON.stringify(pauses) !== JSON.stringify(known))
    await replaceJson(fileOf(state), { version: 1, pauses });
};

const fileOf = (state: string): string => join(state, 'pauses.json');
