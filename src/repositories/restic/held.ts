// What lies in a restic repository. A snapshot makes an object, or several at once: of a small one it holds the bytes; of an
// artifact it says what it consists of, and is stored last: without it, the parts that hold the bytes count for nothing.
import type { ResticSnapshot } from '../../tools/restic-output.js';
import { isThere, type ResticSession } from './session.js';
import { snapshotsOf } from './snapshots.js';
import { artifactsIn, ITSELF, keysIn, type Part, smallIn, tagged } from './tags.js';

export interface HeldObject {
  key: string;
  /** Of the snapshot that makes it an object; small ones that were put together share one. */
  id: string;
  bytes: number;
  sha256: string;
  storedAt: Date;
  /** null: a small object, whose bytes are in that snapshot itself. */
  parts: Part[] | null;
}

export interface Held {
  objects: Map<string, HeldObject>;
  /** Everything with our labels, parts and what is unfinished included. */
  snapshots: { id: string; original: string; keys: string[]; time: Date }[];
}

/** @param folder or key: only what belongs to its deployment is asked for; empty: everything */
export const heldIn = async (session: ResticSession, folder: string): Promise<Held> => {
  if (!(await isThere(session))) return { objects: new Map(), snapshots: [] };
  const [host = ''] = folder.split('/');
  return understood(await snapshotsOf(session, host));
};

/** Of an artifact the newest counts, since it replaced the others; of a small object the oldest: it is never replaced. */
const understood = (snapshots: readonly ResticSnapshot[]): Held => {
  const objects = new Map<string, HeldObject>();
  for (const object of snapshots.flatMap(objectOf)) {
    const other = objects.get(object.key);
    if (other === undefined || counts(object, other)) objects.set(object.key, object);
  }
  return {
    objects,
    snapshots: snapshots.map(({ id, original, tags, time }) => ({
      ...{ id, original, keys: keysIn(tags) },
      time: storedAt({ tags, time }),
    })),
  };
};

/** Ids of all chosen snapshots. */
export const idsOf = ({ snapshots }: Held, chosen: (key: string) => boolean): string[] =>
  snapshots.filter(({ keys }) => keys.some(chosen)).map(({ id }) => id);

/** Of the same key, but none of these: what earlier attempts left. An old restic names only the beginning of an id. */
export const otherIds = (held: Held, key: string, own: readonly string[]): string[] =>
  idsOf(held, (one) => one === key).filter((id) => !own.some((begin) => id.startsWith(begin)));

/** What no object needs. */
export const unneeded = ({ objects, snapshots }: Held): Held['snapshots'] =>
  snapshots.filter(
    ({ id, keys }) =>
      !keys.some((key) => {
        const object = objects.get(key);
        return object?.id === id || object?.parts?.some((part) => id.startsWith(part.id)) === true;
      }),
  );

const counts = (one: HeldObject, other: HeldObject): boolean =>
  one.parts === null ? one.storedAt < other.storedAt : one.storedAt > other.storedAt;

const objectOf = ({ id, time, tags }: ResticSnapshot): HeldObject[] => {
  if (!tags.includes('object')) return [];
  const held = { id, storedAt: storedAt({ tags, time }) };
  const inIt = (part: Part): Part => (part.id === ITSELF ? { ...part, id } : part);
  const artifacts = artifactsIn(tags).map((one) => ({ ...held, ...one, parts: one.parts.map(inIt) }));
  const small = smallIn(tags).map((one) => ({ ...held, ...one, parts: null }));
  return [...artifacts, ...small];
};

const storedAt = ({ tags, time }: Pick<ResticSnapshot, 'tags' | 'time'>): Date => {
  const at = Number(tagged(tags, 'at'));
  return at > 0 ? new Date(at) : time;
};
