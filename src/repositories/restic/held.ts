// What lies in a restic repository. Every object is a snapshot of its own: a small one holds its bytes; of an artifact there
// is one that says what it consists of, stored last: without it, the parts that hold the bytes count for nothing.
import type { ResticLabels } from '../../tools/restic.js';
import type { ResticSnapshot } from '../../tools/restic-output.js';
import type { Digest } from '../hash.js';
import { isThere, type ResticSession } from './session.js';
import { snapshotsOf } from './snapshots.js';

/** A piece of an artifact: of a stream its bytes; of a folder all of its files, one after the other. */
export interface Part {
  /** Of the snapshot, or its beginning. */
  id: string;
  bytes: number;
  form: 'stream' | 'folder';
}

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

/** Of one key, or of several in one backup. When it was stored is ours to say: old ones do not tell whoever stores. */
export const labelsOf = (keys: readonly string[], more: readonly string[]): ResticLabels => {
  const [deployment = '', backup = '', ...rest] = (keys[0] ?? '').split('/');
  const readable = rest.length === 0 ? [] : [`backup=${backup}`];
  const named = keys.map((key) => `key=${key}`);
  return { host: deployment, tags: ['holdfast', ...named, ...readable, `at=${Date.now()}`, ...more] };
};

/** In an artifact's list of parts: the snapshot that has the list. */
export const ITSELF = 'itself';

export const artifactTags = ({ bytes, sha256, parts }: Digest & { parts: readonly Part[] }): string[] => [
  'object',
  `bytes=${bytes}`,
  `sha256=${sha256}`,
  `parts=${parts.map((part) => `${part.id}-${part.bytes}-${part.form}`).join('.')}`,
];

export const smallTags = (objects: readonly (Digest & { key: string })[]): string[] => [
  'object',
  ...objects.map(({ key, bytes, sha256 }) => `file=${bytes}-${sha256}-${key}`),
];

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
      ...{ id, original, keys: allTagged(tags, 'key') },
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
  const shared = { id, storedAt: storedAt({ tags, time }) };
  if (!tags.some((tag) => tag.startsWith('parts=')))
    return allTagged(tags, 'file').flatMap((file) => {
      const [, bytes, sha256 = '', key = ''] = /^(\d+)-([0-9a-f]+)-(.+)$/s.exec(file) ?? [];
      return bytes === undefined ? [] : [{ ...shared, key, bytes: Number(bytes), sha256, parts: null }];
    });
  const parts = partsIn(tags).map((part) => (part.id === ITSELF ? { ...part, id } : part));
  const digest = { bytes: Number(tagged(tags, 'bytes')), sha256: tagged(tags, 'sha256') };
  return [{ ...shared, ...digest, key: tagged(tags, 'key'), parts }];
};

const storedAt = ({ tags, time }: Pick<ResticSnapshot, 'tags' | 'time'>): Date => {
  const at = Number(tagged(tags, 'at'));
  return at > 0 ? new Date(at) : time;
};

const allTagged = (tags: readonly string[], name: string): string[] =>
  tags.filter((tag) => tag.startsWith(`${name}=`)).map((tag) => tag.slice(name.length + 1));

const tagged = (tags: readonly string[], name: string): string => allTagged(tags, name)[0] ?? '';

/** What an object with these tags consists of. */
export const partsIn = (tags: readonly string[]): Part[] =>
  tagged(tags, 'parts')
    .split('.')
    .filter((part) => part !== '')
    .map((part) => {
      const [id = '', bytes = '', form] = part.split('-');
      return { id, bytes: Number(bytes), form: form === 'folder' ? 'folder' : 'stream' };
    });
