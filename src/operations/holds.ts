// Backups that a restore is about to read, as long as it waits for its approval: nothing removes them. A hold ends with the
// approval's time, so that a killed agent leaves none for ever.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Effect } from '../domain/effect.js';
import { BACKUP_ID_PATTERN } from '../domain/names.js';
import { isErrno } from '../files/status.js';
import type { Holder, RunState } from './record.js';
import { holdsFolder, listJson, readJson, removeFile, replaceJson } from './state-folder.js';

const holdSchema = z.looseObject({
  version: z.literal(1),
  backup: z.string().regex(BACKUP_ID_PATTERN),
  until: z.iso.datetime(),
  /** The restore. */
  holder: z.object({
    ...{ workflowId: z.string(), firstRunId: z.string() },
    ...{ temporal: z.string(), namespace: z.string() },
  }),
});

export interface Hold {
  deployment: string;
  backup: string;
  holder: Holder;
}

type Held = Pick<Hold, 'deployment'> & { holder: Pick<Holder, 'firstRunId'> };

const fileOf = (state: string, { deployment, holder }: Held): string =>
  join(holdsFolder(state, deployment), `${holder.firstRunId}.json`);

/** A run has one: the same again is prolonged. */
export const holdBackup = (
  state: string,
  { deployment, ...hold }: Hold & { until: Date },
  effect: Effect,
): Promise<void> =>
  effect('hold the backup', () =>
    replaceJson(fileOf(state, { deployment, ...hold }), {
      ...{ version: 1, ...hold },
      until: hold.until.toISOString(),
    }),
  );

/** None is fine. */
export const endHold = async (state: string, held: Held, effect: Effect): Promise<void> => {
  const file = fileOf(state, held);
  if ((await stat(file).catch(() => null)) !== null)
    await effect('end the hold on the backup', () => removeFile(file));
};

export interface Holds {
  /** Those whose time is not over. */
  holds: Hold[];
  /** Whichever backups they hold. */
  unreadable: { message: string; hint: string }[];
}

export const readHolds = async (state: string, deployment: string): Promise<Holds> => {
  const names = await listJson(holdsFolder(state, deployment));
  const found = await Promise.all(names.map((firstRunId) => readHold(state, { deployment, firstRunId })));
  const now = new Date();
  return {
    holds: found.flatMap(({ hold, until }) => (hold !== null && until > now ? [hold] : [])),
    unreadable: found.flatMap(({ hold, until, file }) =>
      hold === null && until > now ? [damaged(file)] : [],
    ),
  };
};

const damaged = (file: string): Holds['unreadable'][number] => ({
  message: `${file} cannot be read: a restore may be waiting to read whichever backup`,
  hint: `remove ${file} once no restore waits for its approval; within a day it no longer counts`,
});

/** No restore waits longer: a day and a while. */
const LONGEST_MS = 25 * 3_600_000;

/** `hold` is null where it cannot be read. */
const readHold = async (state: string, of: { deployment: string; firstRunId: string }) => {
  const { deployment, firstRunId } = of;
  const file = fileOf(state, { deployment, holder: { firstRunId } });
  const stored = await readJson(file).catch(() => null);
  const { success, data } = holdSchema.safeParse(stored);
  if (success) return { file, hold: { deployment, ...data }, until: new Date(data.until) };
  const since = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    // One that is there and says nothing at all counts as well; one that was ended meanwhile does not.
    (error: unknown) => (isErrno(error, 'ENOENT') ? Number.NEGATIVE_INFINITY : Date.now()),
  );
  return { file, hold: null, until: new Date(Math.max(since + LONGEST_MS, 0)) };
};

/** Also those of restores that were cancelled, or ended in another way, while they waited. */
export const endOldHolds = async (
  deployment: string,
  { state, effect }: { state: string; effect: Effect },
  { runState, now }: { runState: (holder: Holder) => Promise<RunState>; now: () => Date },
): Promise<void> => {
  for (const firstRunId of await listJson(holdsFolder(state, deployment))) {
    const { file, hold, until } = await readHold(state, { deployment, firstRunId });
    if (until <= now() || (hold !== null && (await runState(hold.holder)) === 'closed'))
      await effect('end the hold on the backup', () => removeFile(file));
  }
};
