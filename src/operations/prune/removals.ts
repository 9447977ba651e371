// What is being removed from a repository, in the state folder: said before the first object goes, and forgotten once the log
// says what went. So whatever a killed agent leaves half removed is removed by the next one, and none goes without an entry.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { eventId } from '../../catalog/log-object.js';
import { backupFolder, manifestKey } from '../../catalog/manifest-file.js';
import { Failure } from '../../domain/failure.js';
import { BACKUP_ID_PATTERN } from '../../domain/names.js';
import type { Repository } from '../../repositories/repository.js';
import type { Host } from '../context.js';
import { noteEvent } from '../log/log.js';
import { listJson, readJson, removalsFolder, replaceJson } from '../state-folder.js';

const removalSchema = z.looseObject({
  backup: z.string().regex(BACKUP_ID_PATTERN),
  reason: z.string(),
  bytes: z.number(),
});

export interface Removal {
  backup: string;
  /** Why it goes, for the log. */
  reason: string;
  bytes: number;
}

export interface RemovalPlace {
  host: Host;
  deployment: string;
  repository: Repository;
}

/** The manifest first, one effect each. Safe to repeat. */
export const remove = async (
  { host, deployment, repository }: RemovalPlace,
  removal: Removal,
): Promise<void> => {
  const file = fileOf({ host, deployment, repository }, removal.backup);
  await host.effect('say what is removed', () => replaceJson(file, removal));
  await repository.removeFolder(backupFolder(deployment, removal.backup), host.effect);
};

/** Ends what was begun, by whichever agent, and tells the log of everything that is gone. What has its manifest still stays. */
export const settleRemovals = async (place: RemovalPlace): Promise<Removal[]> => {
  const { deployment, repository } = place;
  const gone: Removal[] = [];
  for (const removal of await readRemovals(place)) {
    if ((await repository.get(manifestKey(deployment, removal.backup))) === null) {
      await removeRest(place, removal);
      gone.push(removal);
    } else await forget(place, [removal.backup], 'forget what is not removed');
  }
  for (let at = 0; at < gone.length; at += IN_ONE_ENTRY) await tell(place, gone.slice(at, at + IN_ONE_ENTRY));
  return gone;
};

/** What is locked is no backup any more, and is swept when its time is over. */
const removeRest = async (
  { host, deployment, repository }: RemovalPlace,
  { backup }: Removal,
): Promise<void> => {
  try {
    await repository.removeFolder(backupFolder(deployment, backup), host.effect);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'OBJECT_LOCKED') throw error;
  }
};

const IN_ONE_ENTRY = 50;

const tell = async (place: RemovalPlace, removals: readonly Removal[]): Promise<void> => {
  const { host, deployment, repository } = place;
  const ids = removals.map(({ backup }) => backup);
  await noteEvent(host, {
    ...{ deployment, kind: 'prune', id: eventId('prune', repository.name, ...ids) },
    ...{ at: new Date().toISOString(), backup: '', outcome: 'removed' },
    facts: {
      repository: repository.name,
      removed: removals.map(({ backup, reason }) => `${backup}: ${reason}`),
      bytes: removals.reduce((sum, { bytes }) => sum + bytes, 0),
    },
  });
  await forget(place, ids, 'forget what was removed');
};

const forget = (place: RemovalPlace, ids: readonly string[], words: string): Promise<void> =>
  place.host.effect(words, async () => {
    for (const id of ids) await rm(fileOf(place, id), { force: true });
  });

const readRemovals = async (place: RemovalPlace): Promise<Removal[]> => {
  const ids = await listJson(folderOf(place));
  const read = await Promise.all(ids.map((id) => readJson(fileOf(place, id)).catch(() => null)));
  return read.flatMap((removal) => removalSchema.safeParse(removal).data ?? []);
};

const folderOf = ({ host, deployment, repository }: RemovalPlace): string =>
  removalsFolder(host.state, deployment, repository.name);

/** Names of such files are lower case: the id is written inside. */
const fileOf = (place: RemovalPlace, backup: string): string =>
  join(folderOf(place), `${backup.toLowerCase()}.json`);
