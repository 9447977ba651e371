// Snapshots out of a restic repository, by their ids. That frees no bytes: prune does.
import { basename } from 'node:path';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import type { Command } from '../../tools/command.js';
import { type ResticPlace, resticForget } from '../../tools/restic.js';
import { saysLocked } from '../../tools/restic-failures.js';
import type { Unfinished } from '../repository.js';
import { heldIn, idsOf, unneeded } from './held.js';
import { exclusively } from './locks.js';
import { ask, type ResticSession, unlock } from './session.js';
import { keepSiblings } from './small.js';
import { requireWritable } from './writable.js';

/** How long whoever else uses the repository may take. */
const WAIT_MS = 60_000;

/** Repositories in which this process removed something since it was asked, or broke off where it stored. */
const removedIn = new Set<string>();

/** Packs that came before a failure are no snapshot's: only prune removes them. */
export const noteLeft = ({ settings }: ResticSession): void => void removedIn.add(settings.repository);

export const takeRemoved = ({ settings }: ResticSession): boolean => removedIn.delete(settings.repository);

/** Arguments have their limit. */
const AT_ONCE = 500;

/** Failure REPOSITORY_UNREACHABLE, to be tried again, while somebody else is at work in it. */
const forget = async (session: ResticSession, ids: readonly string[]): Promise<void> => {
  const { repository } = session.settings;
  if (ids.length === 0) return;
  const done = await exclusively(repository, { waitMs: WAIT_MS, act: () => forgetNow(session, ids) });
  if (!done) throw inUse(session);
};

/** Of what counts for nothing: who cannot remove it now leaves it to the next one. */
export const forgetIfFree = async (session: ResticSession, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return;
  try {
    await exclusively(session.settings.repository, { waitMs: 0, act: () => forgetNow(session, ids) });
  } catch (error) {
    if (!saysLocked(error)) throw error;
  }
};

/** By whoever has the repository for itself. */
export const forgetNow = async (session: ResticSession, ids: readonly string[]): Promise<void> => {
  await requireWritable(session.settings);
  noteLeft(session);
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = ids.slice(at, at + AT_ONCE);
    await alone(session, (place) => resticForget(place, some));
  }
};

/** A lock may be a dead program’s. */
export const alone = async (
  session: ResticSession,
  command: (place: ResticPlace) => Command,
  withinMs?: number,
): Promise<void> => {
  const once = () =>
    ask(session, command, withinMs === undefined ? undefined : AbortSignal.timeout(withinMs));
  try {
    await once();
  } catch (error) {
    if (!saysLocked(error)) throw error;
    await unlock(session);
    await once();
  }
};

const inUse = ({ settings }: ResticSession): Failure =>
  new Failure('REPOSITORY_UNREACHABLE', `repository ${settings.name} is in use by this agent`, {
    hint: 'it is tried again when the backup or restore that uses it is done',
  });

export const removeObject = async (session: ResticSession, key: string, effect: Effect): Promise<void> => {
  const held = await heldIn(session, key);
  const ids = idsOf(held, (one) => one === key);
  if (ids.length === 0) return;
  await effect(`remove ${basename(key)} from the repository`, async () => {
    await keepSiblings(session, key, held);
    await forget(session, ids);
  });
};

/** Once the manifest is gone it is no backup any more, however much of it is left. */
export const removeFolder = async (session: ResticSession, folder: string, effect: Effect): Promise<void> => {
  const held = await heldIn(session, folder);
  const manifest = `${folder}/manifest.json`;
  const first = idsOf(held, (key) => key === manifest);
  const others = idsOf(held, (key) => key !== manifest && key.startsWith(`${folder}/`));
  if (first.length > 0)
    await effect('remove manifest.json from the repository', () => forget(session, first));
  if (others.length > 0)
    await effect('remove the backup’s objects from the repository', () => forget(session, others));
};

/** Parts of an artifact that never became whole, and what another attempt replaced. */
export const unfinishedParts = async (session: ResticSession, folder: string): Promise<Unfinished[]> => {
  const left = unneeded(await heldIn(session, folder)).flatMap(({ id, keys, time }) =>
    keys.filter((key) => key.startsWith(`${folder}/`)).map((key) => ({ id, key, time })),
  );
  return left.map(({ id, key, time }) => ({
    ...{ key, words: 'a part of an unfinished object', modifiedAt: time },
    remove: (effect) => effect(`remove an unfinished part of ${basename(key)}`, () => forget(session, [id])),
  }));
};
