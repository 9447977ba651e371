// Backups that a restore is about to read, as long as it waits for its approval: nothing removes them. A hold ends with the
// approval's time, so that a killed agent leaves none for ever.
import { join } from 'node:path';
import { z } from 'zod';
import type { Effect } from '../domain/effect.js';
import { BACKUP_ID_PATTERN } from '../domain/names.js';
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
  if ((await readJson(file)) !== null) await effect('end the hold on the backup', () => removeFile(file));
};

/** Those whose time is not over. */
export const readHolds = async (state: string, deployment: string): Promise<Hold[]> => {
  const now = new Date();
  const names = await listJson(holdsFolder(state, deployment));
  const holds = await Promise.all(
    names.map((firstRunId) => readHold(state, { deployment, firstRunId }, now)),
  );
  return holds.flatMap((hold) => hold ?? []);
};

const readHold = async (
  state: string,
  { deployment, firstRunId }: { deployment: string; firstRunId: string },
  now: Date,
): Promise<Hold | null> => {
  const { success, data } = holdSchema.safeParse(
    await readJson(fileOf(state, { deployment, holder: { firstRunId } })),
  );
  return success && data.until > now.toISOString() ? { deployment, ...data } : null;
};

/** Also those of restores that were cancelled, or ended in another way, while they waited. */
export const endOldHolds = async (
  deployment: string,
  { state, effect }: { state: string; effect: Effect },
  { runState, now }: { runState: (holder: Holder) => Promise<RunState>; now: () => Date },
): Promise<void> => {
  for (const firstRunId of await listJson(holdsFolder(state, deployment))) {
    const hold = await readHold(state, { deployment, firstRunId }, now());
    if (hold === null || (await runState(hold.holder)) === 'closed')
      await endHold(state, { deployment, holder: { firstRunId } }, effect);
  }
};
