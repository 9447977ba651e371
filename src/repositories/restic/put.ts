// Small objects in a restic repository: never overwritten. restic has no way to refuse a name that is taken, so within this
// process one goes after the other, and what another host put at the same moment is looked for afterwards.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import { type HeldObject, heldIn, objectTags } from './held.js';
import { storeBytes } from './publish.js';
import { forgetIfFree } from './remove.js';
import { makeIfMissing, type ResticSession } from './session.js';

export const resticPut = async (
  session: ResticSession,
  { key, bytes }: { key: string; bytes: Buffer },
  effect: Effect,
): Promise<void> => {
  await makeIfMissing(session, effect);
  await effect(`publish ${basename(key)}`, () =>
    inTurn(`${session.settings.repository} ${key}`, () => putNow(session, key, bytes)),
  );
};

const putNow = async (session: ResticSession, key: string, bytes: Buffer): Promise<void> => {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const object = { bytes: bytes.length, sha256, parts: null };
  const there = (await heldIn(session, key)).objects.get(key);
  if (there !== undefined) return requireEqual(session, there, sha256);
  const id = await storeBytes(session, { key, path: key, bytes, tags: objectTags(object) });
  const found = await heldIn(session, key);
  const rival = found.snapshots.find((one) => one.key === key && !one.id.startsWith(id));
  if (rival === undefined) return;
  await forgetIfFree(session, [id]);
  throw alreadyThere(session, key);
};

const requireEqual = (session: ResticSession, there: HeldObject, sha256: string): void => {
  if (there.sha256 !== sha256) throw alreadyThere(session, there.key);
};

const alreadyThere = ({ settings }: ResticSession, key: string): Failure =>
  new Failure(
    'OPERATION_LOST',
    `${key} is there already in repository ${settings.name}, with other contents`,
    {
      hint: 'two agents write to one folder: give each deployment a name or a repository of its own',
    },
  );

const turns = new Map<string, Promise<void>>();

const inTurn = async (place: string, act: () => Promise<void>): Promise<void> => {
  const mine = (turns.get(place) ?? Promise.resolve()).catch(() => undefined).then(act);
  turns.set(place, mine);
  try {
    await mine;
  } finally {
    if (turns.get(place) === mine) turns.delete(place);
  }
};
