// What is still to be told, durable before anybody is told of it: a file for each event, which names those who wait for it.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Effect } from '../../domain/effect.js';
import { EVENT_KINDS, type Happening, TOLD_RUNS } from '../../domain/events.js';
import { createJson, listJson, readJson, removeFile, replaceJson } from '../state-folder.js';
import { outboxFolder, toldFolder } from './notify-folders.js';

export interface OutboxHost {
  state: string;
  effect: Effect;
}

const happeningSchema = z.object({
  id: z.string(),
  kind: z.enum(EVENT_KINDS),
  deployment: z.string(),
  what: z.enum(TOLD_RUNS),
  tier: z.string(),
  run: z.object({ workflowId: z.string(), runId: z.string() }).nullable(),
  at: z.iso.datetime(),
  cause: z.string(),
  hint: z.string(),
  log: z.string(),
}) satisfies z.ZodType<Happening>;

const entrySchema = z.object({
  version: z.literal(1),
  happening: happeningSchema,
  /** Names of notifiers. */
  waiting: z.array(z.string()),
});

export type OutboxEntry = z.output<typeof entrySchema>;

/** false: it was told, or waits already. Durable when it returns. */
export const addToOutbox = async (
  { state, effect }: OutboxHost,
  happening: Happening,
  waiting: string[],
): Promise<boolean> => {
  if (await wasTold(state, happening.id)) return false;
  const entry: OutboxEntry = { version: 1, happening, waiting };
  return effect('put an event into the outbox', () => createJson(entryFile(state, happening.id), entry));
};

/** Oldest first. One that cannot be read is left where it is, and waits for nobody. */
export const readOutbox = async (state: string): Promise<OutboxEntry[]> => {
  const ids = await listJson(outboxFolder(state));
  const read = await Promise.all(
    ids.map(async (id) => {
      const stored = await readJson(entryFile(state, id)).catch(() => null);
      return entrySchema.safeParse(stored).data ?? [];
    }),
  );
  return read.flat().sort((a, b) => Date.parse(a.happening.at) - Date.parse(b.happening.at));
};

/** One waits no longer: it was told, or never will be. When nobody does, only the id is kept. */
export const takeFromOutbox = async (
  { state, effect }: OutboxHost,
  id: string,
  notifier: string,
): Promise<void> => {
  const stored = await readJson(entryFile(state, id)).catch(() => null);
  const entry = entrySchema.safeParse(stored).data;
  if (entry === undefined) return;
  const waiting = entry.waiting.filter((name) => name !== notifier);
  if (waiting.length > 0)
    return effect('note who was told', () => replaceJson(entryFile(state, id), { ...entry, waiting }));
  await effect('note that all were told', async () => {
    await createJson(toldFile(state, id), { version: 1, at: new Date().toISOString() });
  });
  await effect('take an event out of the outbox', () => removeFile(entryFile(state, id)));
};

const FORTY_DAYS_MS = 40 * 86_400_000;

/** Ids of which nobody will hear again. */
export const forgetOldIds = async (state: string, now: Date): Promise<void> => {
  const names = await readdir(toldFolder(state)).catch(() => []);
  for (const name of names) {
    const path = join(toldFolder(state), name);
    const there = await stat(path).catch(() => null);
    if (there !== null && now.getTime() - there.mtimeMs > FORTY_DAYS_MS) await rm(path, { force: true });
  }
};

const wasTold = async (state: string, id: string): Promise<boolean> =>
  (await stat(toldFile(state, id)).catch(() => null)) !== null;

const entryFile = (state: string, id: string): string => join(outboxFolder(state), `${id}.json`);
const toldFile = (state: string, id: string): string => join(toldFolder(state), `${id}.json`);
