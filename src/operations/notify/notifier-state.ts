// How each notifier fares: since when it fails, and why. `status` and `doctor` show it; nobody else would be told of it.
import { join } from 'node:path';
import { z } from 'zod';
import { listJson, readJson, replaceJson } from '../state-folder.js';
import { notifiersFolder } from './notify-folders.js';
import { readOutbox } from './outbox.js';

export interface NotifierState {
  /** `email 1`: its kind and its position in the file. */
  name: string;
  /** ISO 8601; null: the last delivery went well, or there was none. */
  failingSince: string | null;
  lastError: string | null;
  lastDelivered: string | null;
  /** Events that it is still to be given. */
  waiting: number;
}

const recordSchema = z.object({
  version: z.literal(1),
  name: z.string(),
  failingSince: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
  lastDelivered: z.iso.datetime().nullable(),
  /** In a row. */
  failures: z.number(),
  /** Not before; null: at once. */
  nextTryAt: z.iso.datetime().nullable(),
});

export type NotifierRecord = z.output<typeof recordSchema>;

/** Of every notifier that was given something, or is to be. Those that the configuration names no more may be among them. */
export const readNotifiers = async (state: string): Promise<NotifierState[]> => {
  const files = await listJson(notifiersFolder(state)).catch(() => []);
  const records = await Promise.all(files.map((file) => readNotifier(state, file.replace('-', ' '))));
  const waiting = (await readOutbox(state)).flatMap((entry) => entry.waiting);
  const known = new Map(records.map((record) => [record.name, record]));
  return [...new Set([...known.keys(), ...waiting])].sort().map((name) => {
    const { failingSince, lastError, lastDelivered } = known.get(name) ?? untried(name);
    const many = waiting.filter((one) => one === name).length;
    return { name, failingSince, lastError, lastDelivered, waiting: many };
  });
};

export const readNotifier = async (state: string, name: string): Promise<NotifierRecord> => {
  const stored = await readJson(fileOf(state, name)).catch(() => null);
  return recordSchema.safeParse(stored).data ?? untried(name);
};

export const writeNotifier = (state: string, record: NotifierRecord): Promise<void> =>
  replaceJson(fileOf(state, record.name), record);

const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 1_800_000;

export const delivered = ({ name }: NotifierRecord, now: Date): NotifierRecord => ({
  ...untried(name),
  lastDelivered: now.toISOString(),
});

/** It is tried again after a minute, then after two, and every half an hour at last. */
export const failed = (record: NotifierRecord, error: string, now: Date): NotifierRecord => ({
  ...record,
  failingSince: record.failingSince ?? now.toISOString(),
  lastError: error,
  failures: record.failures + 1,
  nextTryAt: new Date(
    now.getTime() + Math.min(FIRST_WAIT_MS * 2 ** Math.min(record.failures, 10), LONGEST_WAIT_MS),
  ).toISOString(),
});

const untried = (name: string): NotifierRecord => ({
  ...{ version: 1, name, failures: 0 },
  ...{ failingSince: null, lastError: null, lastDelivered: null, nextTryAt: null },
});

const fileOf = (state: string, name: string): string =>
  join(notifiersFolder(state), `${name.replace(' ', '-')}.json`);
