// What somebody was told of and is not mended yet: the next success of the same kind and tier is news then.
import { join } from 'node:path';
import type { Effect } from '../../domain/effect.js';
import type { Happening } from '../../domain/events.js';
import { createJson, readJson, removeFile } from '../state-folder.js';
import { troublesFolder } from './notify-folders.js';

type Subject = Pick<Happening, 'deployment' | 'what' | 'tier'>;

/** Since when; null: nothing is wrong with it. */
export const troubleSince = async (state: string, subject: Subject): Promise<string | null> => {
  const stored = await readJson(fileOf(state, subject)).catch(() => null);
  const since: unknown = typeof stored === 'object' && stored !== null ? Reflect.get(stored, 'at') : null;
  return typeof since === 'string' ? since : null;
};

/** The first one counts. */
export const noteTrouble = async (
  state: string,
  { at, id, ...of }: Happening,
  effect: Effect,
): Promise<void> => {
  await effect('note a trouble', () => createJson(fileOf(state, of), { version: 1, at, id }));
};

export const forgetTrouble = (state: string, subject: Subject, effect: Effect): Promise<void> =>
  effect('forget a trouble', () => removeFile(fileOf(state, subject)));

/** No name begins with `_`, and none holds a dot. */
const fileOf = (state: string, { deployment, what, tier }: Subject): string =>
  join(troublesFolder(state), deployment || '_', `${what}.${tier || '_'}.json`);
