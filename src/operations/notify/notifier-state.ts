// How each notifier fares: since when it fails, and why. `status` and `doctor` show it; nobody else would be told of it.
import { join } from 'node:path';
import { z } from 'zod';
import type { NotifierSettings } from '../../config/notify-settings.js';
import { listJson, readJson, removeFile, replaceJson } from '../state-folder.js';
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
  id: z.string(),
  failingSince: z.iso.datetime().nullable(),
  lastError: z.string().nullable(),
  lastDelivered: z.iso.datetime().nullable(),
  /** In a row. */
  failures: z.number(),
  /** Not before; null: at once. */
  nextTryAt: z.iso.datetime().nullable(),
});

export type NotifierRecord = z.output<typeof recordSchema>;

/** Of those that were given something, or are to be. */
export const readNotifiers = async (
  state: string,
  notify: readonly Pick<NotifierSettings, 'id' | 'name'>[],
): Promise<NotifierState[]> => {
  const known: string[] = await knownNotifiers(state).catch(() => []);
  const waiting = (await readOutbox(state)).flatMap((entry) => entry.waiting);
  const states = notify.map(async ({ id, name }): Promise<NotifierState[]> => {
    const many = waiting.filter((one) => one === id || one === name).length;
    if (many === 0 && !known.includes(id)) return [];
    const { failingSince, lastError, lastDelivered } = await readNotifier(state, id);
    return [{ name, failingSince, lastError, lastDelivered, waiting: many }];
  });
  return (await Promise.all(states)).flat();
};

/** Ids of all that were ever given something. */
export const knownNotifiers = (state: string): Promise<string[]> => listJson(notifiersFolder(state));

export const readNotifier = async (state: string, id: string): Promise<NotifierRecord> => {
  const stored = await readJson(fileOf(state, id)).catch(() => null);
  return recordSchema.safeParse(stored).data ?? untried(id);
};

export const writeNotifier = (state: string, record: NotifierRecord): Promise<void> =>
  replaceJson(fileOf(state, record.id), record);

export const forgetNotifier = (state: string, id: string): Promise<void> => removeFile(fileOf(state, id));

const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 1_800_000;

export const delivered = ({ id }: NotifierRecord, now: Date): NotifierRecord => ({
  ...untried(id),
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

const untried = (id: string): NotifierRecord => ({
  ...{ version: 1, id, failures: 0 },
  ...{ failingSince: null, lastError: null, lastDelivered: null, nextTryAt: null },
});

const fileOf = (state: string, id: string): string => join(notifiersFolder(state), `${id}.json`);
