// Small objects in a restic repository: never overwritten. restic has no way to refuse a name that is taken, so within this
// process one goes after the other, and what another host put at the same moment is looked for afterwards.
import { basename, dirname } from 'node:path';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import { digestOfBytes } from '../hash.js';
import type { LeftForLater, SmallObject } from '../repository.js';
import { requireWhole } from './confirm.js';
import { type HeldObject, heldIn, idsOf } from './held.js';
import { notedIn } from './later.js';
import { forgetIfFree } from './remove.js';
import { makeIfMissing, type ResticSession } from './session.js';
import { storeTogether } from './small.js';

/** In one snapshot: they appear at once. */
export const resticPut = async (
  session: ResticSession,
  objects: readonly SmallObject[],
  effect: Effect,
  later: LeftForLater = { folder: '', artifacts: [] },
): Promise<void> => {
  await makeIfMissing(session, effect);
  const names = objects.length > 5 ? `${objects.length} objects` : namesOf(objects);
  await effect(`publish ${names}`, () =>
    inTurn(turnOf(session, objects), () => putNow(session, objects, later)),
  );
};

const putNow = async (
  session: ResticSession,
  objects: readonly SmallObject[],
  later: LeftForLater,
): Promise<void> => {
  const [first] = objects;
  if (first === undefined) return;
  const held = await heldIn(session, first.key);
  const missing = objects.filter((one) => requireEqual(session, one, held.objects.get(one.key)));
  if (missing.length === 0) return;
  const folder = dirname(first.key);
  const noted = await notedIn(later);
  requireWhole(session, { folder, stored: later.artifacts, noted, held });
  const notes = [...noted].map(([name, note]) => ({ ...note, key: `${folder}/${name}` }));
  const id = await storeTogether(session, missing, notes);
  const keys = new Set(missing.map(({ key }) => key));
  const there = idsOf(await heldIn(session, first.key), (key) => keys.has(key));
  if (there.every((one) => one.startsWith(id))) return;
  await forgetIfFree(session, [id]);
  throw alreadyThere(session, [...keys].join(', '));
};

/** Whether it is missing. */
const requireEqual = (
  session: ResticSession,
  { key, bytes }: SmallObject,
  there: HeldObject | undefined,
): boolean => {
  if (there === undefined) return true;
  if (there.sha256 === digestOfBytes(bytes).sha256) return false;
  throw alreadyThere(session, key);
};

const alreadyThere = ({ settings }: ResticSession, what: string): Failure =>
  new Failure(
    'OPERATION_LOST',
    `${what} is there already in repository ${settings.name}, with other contents`,
    {
      hint: 'two agents write to one folder: give each deployment a name or a repository of its own',
    },
  );

const namesOf = (objects: readonly SmallObject[]): string =>
  objects.map(({ key }) => basename(key)).join(', ');

/** Those of one folder are in each other’s way. */
const turnOf = ({ settings }: ResticSession, [first]: readonly SmallObject[]): string =>
  `${settings.repository} ${dirname(first?.key ?? '')}`;

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
