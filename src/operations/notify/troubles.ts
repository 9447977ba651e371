// What has gone wrong and is not mended yet: the next success of the same kind and tier is news then, and `status` says until
// then that it failed, and why. Noted whether or not anybody is told.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Effect } from '../../domain/effect.js';
import { CANCELLED, type Happening, TOLD_RUNS } from '../../domain/events.js';
import { asFailure, Failure } from '../../domain/failure.js';
import { isErrno } from '../../files/status.js';
import { readJson, removeFile, replaceJson } from '../state-folder.js';
import { troublesFolder } from './notify-folders.js';

export type Subject = Pick<Happening, 'deployment' | 'what' | 'tier'>;

/** A run that failed, and has not succeeded since. */
export interface Trouble extends Pick<Happening, 'what' | 'tier'> {
  /** The first time. */
  since: string;
  /** The last time, and why. */
  at: string;
  cause: string;
}

const failedSchema = z.object({
  ...{ since: z.iso.datetime(), at: z.iso.datetime(), cause: z.string() },
  /** Which event the last one was; none: an earlier version noted it. */
  id: z.string().optional(),
});

const troubleSchema = z.object({
  version: z.literal(1),
  ...{ deployment: z.string(), what: z.enum(TOLD_RUNS), tier: z.string() },
  /** Since when: of the first event, and which that was. */
  at: z.iso.datetime(),
  id: z.string(),
  /** null: it has not failed; it is overdue, or somebody cancelled it. */
  failed: failedSchema.nullable(),
});

/** Since when; null: nothing is wrong with it. */
export const troubleSince = async (state: string, subject: Subject): Promise<string | null> => {
  const stored = await readJson(fileOf(state, subject)).catch(() => null);
  const since: unknown = typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'at') : null;
  return typeof since === 'string' ? since : null;
};

/** The first one counts for how long it lasts, the last one that failed for why. One that is told again is no other. */
export const noteTrouble = async (state: string, happening: Happening, effect: Effect): Promise<void> => {
  const { deployment, what, tier, kind, at, id, cause } = happening;
  const file = fileOf(state, happening);
  const known = troubleSchema.safeParse(await readJson(file).catch(() => null)).data;
  const before = known?.failed ?? null;
  if (before?.id === id) return;
  const failed =
    kind === 'failed' && cause !== CANCELLED ? { since: before?.since ?? at, at, cause, id } : before;
  const first = { at: (await troubleSince(state, happening)) ?? at, id: known?.id ?? id };
  await effect('note a trouble', () =>
    replaceJson(file, { version: 1, deployment, what, tier, ...first, failed }),
  );
};

export const forgetTrouble = (state: string, subject: Subject, effect: Effect): Promise<void> =>
  effect('forget a trouble', () => removeFile(fileOf(state, subject)));

/** Runs that failed. Failure STATE_DAMAGED: it cannot be seen. @param deployment empty: those that were for all of them */
export const readTroubles = async (state: string, deployment: string): Promise<Trouble[]> => {
  const folder = folderOf(state, deployment);
  const names = await readdir(folder).catch((error: unknown) => {
    if (isErrno(error, 'ENOENT')) return [];
    throw unreadable(folder, error);
  });
  const files = names.filter((name) => name.endsWith('.json')).sort();
  const stored = await Promise.all(files.map((name) => readJson(join(folder, name)).catch(() => null)));
  return stored.flatMap((one) => {
    const { what, tier, failed } = troubleSchema.safeParse(one).data ?? { failed: null };
    if (failed === null) return [];
    const { since, at, cause } = failed;
    return [{ what, tier, since, at, cause }];
  });
};

const unreadable = (folder: string, cause: unknown): Failure =>
  new Failure(
    'STATE_DAMAGED',
    `the failures noted in ${folder} cannot be read: ${asFailure(cause).message}`,
    {
      hint: `see who may read it, and that it is a folder: ls -ld ${folder}`,
      cause,
    },
  );

/** What is wrong and a success of this one ends: a run for all deployments is one for each. */
export const mendedBy = async (state: string, subject: Subject): Promise<Subject[]> => {
  const folders = subject.deployment === '' ? await readdir(troublesFolder(state)).catch(() => []) : [];
  const each = folders.filter((name) => name !== NO_DEPLOYMENT);
  return [subject, ...each.map((deployment) => ({ ...subject, deployment }))];
};

/** No name begins with `_`, and none holds a dot. */
const NO_DEPLOYMENT = '_';

const folderOf = (state: string, deployment: string): string =>
  join(troublesFolder(state), deployment || NO_DEPLOYMENT);

const fileOf = (state: string, { deployment, what, tier }: Subject): string =>
  join(folderOf(state, deployment), `${what}.${tier || '_'}.json`);
