// Objects of an rclone remote: looked at, read whole, given their names, removed. There is no conditional put: what "never
// overwritten" means here is said at putOnce.
import type { RcloneSettings } from '../../config/config.js';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import {
  rcloneCat,
  rcloneDelete,
  rcloneList,
  rcloneMove,
  rcloneRcat,
  rcloneSha256,
  rcloneStat,
} from '../../tools/rclone.js';
import type { ObjectInfo } from '../repository.js';
import { listedObjects } from './listing.js';
import { isUnfinishedOf, temporaryName } from './names.js';
import { inputOf, rcloneAnswer } from './run.js';

/** `azure:container` and `azure:container/edms/…`; `store:` and `store:edms/…`. */
export const targetOf = ({ remote }: RcloneSettings, key: string): string => {
  if (key === '') return remote;
  return /[:/]$/.test(remote) ? `${remote}${key}` : `${remote}/${key}`;
};

export const splitKey = (key: string): { folder: string; name: string } => {
  const slash = key.lastIndexOf('/');
  return { folder: key.slice(0, Math.max(slash, 0)), name: key.slice(slash + 1) };
};

/** null when there is none. */
export const sizeOf = async (settings: RcloneSettings, key: string): Promise<number | null> => {
  const answer = await rcloneAnswer(settings, rcloneStat(targetOf(settings, key)));
  const [found] = answer === null ? [] : listedObjects(`[${answer.toString() || ''}]`, '');
  return found?.bytes ?? null;
};

/** An object store has no folders, so it finds nothing wrong with reading what is not there. */
export const readWhole = async (settings: RcloneSettings, key: string): Promise<Buffer | null> => {
  const answer = await rcloneAnswer(settings, rcloneCat(targetOf(settings, key)));
  if (answer === null || answer.length > 0) return answer;
  return (await sizeOf(settings, key)) === null ? null : answer;
};

/** What lies below a folder, unfinished things included. */
export const everythingIn = async (
  settings: RcloneSettings,
  folder: string,
  { recursive }: { recursive: boolean },
): Promise<ObjectInfo[]> => {
  const answer = await rcloneAnswer(settings, rcloneList(targetOf(settings, folder), { recursive }));
  return answer === null ? [] : listedObjects(answer.toString(), folder);
};

/** Removes the unfinished objects of one name: of dead attempts. */
export const clearUnfinished = async (
  settings: RcloneSettings,
  key: string,
  effect: Effect,
): Promise<void> => {
  const { folder, name } = splitKey(key);
  const beside = await everythingIn(settings, folder, { recursive: false });
  const left = beside.filter((object) => isUnfinishedOf(splitKey(object.key).name, name));
  if (left.length === 0) return;
  await effect(`remove unfinished objects of ${name}`, async () => {
    for (const object of left) await removeObject(settings, object.key);
  });
};

/** Gone already is fine. */
export const removeObject = async (settings: RcloneSettings, key: string): Promise<void> => {
  try {
    await rcloneAnswer(settings, rcloneDelete(targetOf(settings, key)));
  } catch (error) {
    if ((await sizeOf(settings, key)) !== null) throw error;
  }
};

/** Gives a complete object its name. */
export const moveObject = async (
  settings: RcloneSettings,
  from: string,
  { to, replacing }: { to: string; replacing: boolean },
): Promise<void> => {
  const move = rcloneMove(targetOf(settings, from), targetOf(settings, to), { replacing });
  await rcloneAnswer(settings, move);
};

/** Of the bytes that lie there: the remote's own, else they are read. */
export const sha256Of = async (settings: RcloneSettings, key: string): Promise<string> => {
  for (const reading of [false, true]) {
    const answer = await rcloneAnswer(settings, rcloneSha256(targetOf(settings, key), { reading })).catch(
      (error: unknown) => {
        if (reading) throw error;
        return null;
      },
    );
    const [, hash] = /^([0-9a-f]{64}) /m.exec(answer?.toString() ?? '') ?? [];
    if (hash !== undefined) return hash;
  }
  throw new Failure('CORRUPT_ARTIFACT', `${key} is missing in repository ${settings.name}`);
};

const putting = new Map<string, Promise<unknown>>();

/**
 * Looks, writes under a name of its own, moves, reads it back. Within this process one put of a key waits for the other.
 * Two hosts that put the same key at the same moment may both take themselves for the winner: owner.json lets only one
 * host write for a deployment, and the repository's description says so.
 */
export const putOnce = (settings: RcloneSettings, key: string, bytes: Buffer): Promise<void> => {
  const target = targetOf(settings, key);
  const turn = (putting.get(target) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => put(settings, key, bytes));
  putting.set(target, turn);
  return turn.finally(() => {
    if (putting.get(target) === turn) putting.delete(target);
  });
};

const put = async (settings: RcloneSettings, key: string, bytes: Buffer): Promise<void> => {
  const there = await readWhole(settings, key);
  if (there === null) {
    const temporary = temporaryName(key);
    try {
      await rcloneAnswer(settings, rcloneRcat(targetOf(settings, temporary), { bytes: bytes.length }), {
        input: inputOf(bytes),
      });
      await moveObject(settings, temporary, { to: key, replacing: false });
    } catch (error) {
      await removeObject(settings, temporary).catch(() => undefined);
      throw error;
    }
  }
  if ((there ?? (await readWhole(settings, key)))?.equals(bytes)) return;
  throw new Failure('OPERATION_LOST', `${targetOf(settings, key)} is there already, with other contents`, {
    hint: 'two agents write to one folder: give each deployment a name or a repository of its own',
  });
};
