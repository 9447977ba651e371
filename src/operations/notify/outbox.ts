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
  refused: z.literal(true).exactOptional(),
}) satisfies z.ZodType<Happening>;

const entrySchema = z.object({
  version: z.literal(1),
  happening: happeningSchema,
  /** Ids of notifiers; of earlier versions their names. */
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
  const read = await Promise.all(ids.map(async (id) => (await readEntry(state, id)) ?? []));
  return read.flat().sort((a, b) => Date.parse(a.happening.at) - Date.parse(b.happening.at));
};

/** One waits no longer: it was told, or never will be. When nobody does, only the id is kept. */
export const takeFromOutbox = async (host: OutboxHost, id: string, notifier: string): Promise<void> => {
  const { state, effect } = host;
  const entry = await readEntry(state, id);
  if (entry === undefined) return;
  const waiting = entry.waiting.filter((one) => one !== notifier);
  if (waiting.length > 0) return writeWaiting(host, { ...entry, waiting });
  await effect('note that all were told', async () => {
    await createJson(toldFile(state, id), { version: 1, at: new Date().toISOString() });
  });
  await effect('take an event out of the outbox', () => removeFile(entryFile(state, id)));
};

/** Another one is told instead. */
export const handOver = async (
  host: OutboxHost,
  id: string,
  notifiers: { id: string; to: string },
): Promise<void> => {
  const entry = await readEntry(host.state, id);
  if (entry === undefined) return;
  const waiting = entry.waiting.map((one) => (one === notifiers.id ? notifiers.to : one));
  await writeWaiting(host, { ...entry, waiting: [...new Set(waiting)] });
};

const readEntry = async (state: string, id: string): Promise<OutboxEntry | undefined> => {
  const stored = await readJson(entryFile(state, id)).catch(() => null);
  return entrySchema.safeParse(stored).data;
};

const writeWaiting = ({ state, effect }: OutboxHost, entry: OutboxEntry): Promise<void> =>
  effect('note who was told', () => replaceJson(entryFile(state, entry.happening.id), entry));

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
