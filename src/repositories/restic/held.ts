// What lies in a restic repository. Every object is a snapshot of its own: a small one holds its bytes; of an artifact there
// is one that says what it consists of, stored last: without it, the parts that hold the bytes count for nothing.
import type { ResticLabels } from '../../tools/restic.js';
import { resticList } from '../../tools/restic.js';
import { type ResticSnapshot, resticSnapshots } from '../../tools/restic-output.js';
import { ask, isThere, type ResticSession } from './session.js';

/** A piece of an artifact: of a stream its bytes; of a folder all of its files, one after the other. */
export interface Part {
  /** Of the snapshot, or its beginning. */
  id: string;
  bytes: number;
  form: 'stream' | 'folder';
}

export interface HeldObject {
  key: string;
  /** Of the snapshot that makes it an object. */
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
  snapshots: { id: string; original: string; key: string; time: Date }[];
}

export const labelsOf = (key: string, more: readonly string[]): ResticLabels => {
  const [deployment = '', backup = '', ...rest] = key.split('/');
  const readable = rest.length === 0 ? [] : [`backup=${backup}`];
  return { host: deployment, tags: ['holdfast', `key=${key}`, ...readable, ...more] };
};

export const objectTags = (object: Pick<HeldObject, 'bytes' | 'sha256' | 'parts'>): string[] => [
  'object',
  `bytes=${object.bytes}`,
  `sha256=${object.sha256}`,
  ...(object.parts === null
    ? []
    : [`parts=${object.parts.map(({ id, bytes, form }) => `${id}-${bytes}-${form}`).join('.')}`]),
];

/** @param folder or key: only what belongs to its deployment is asked for; empty: everything */
export const heldIn = async (session: ResticSession, folder: string): Promise<Held> => {
  if (!(await isThere(session))) return { objects: new Map(), snapshots: [] };
  const [host = ''] = folder.split('/');
  return understood(
    resticSnapshots(await ask(session, (place) => resticList(place, { host, tags: ['holdfast'] }))),
  );
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
    snapshots: snapshots.map(({ id, original, time, tags }) => ({
      ...{ id, original, time },
      key: tagged(tags, 'key'),
    })),
  };
};

/** Ids of all chosen snapshots. */
export const idsOf = ({ snapshots }: Held, chosen: (key: string) => boolean): string[] =>
  snapshots.filter(({ key }) => chosen(key)).map(({ id }) => id);

/** Of the same key, but none of these parts: what earlier attempts left. An old restic names only the beginning of an id. */
export const otherIds = (held: Held, key: string, parts: readonly Part[]): string[] =>
  idsOf(held, (one) => one === key).filter((id) => !parts.some((part) => id.startsWith(part.id)));

/** What no object needs. */
export const unneeded = ({ objects, snapshots }: Held): Held['snapshots'] =>
  snapshots.filter(({ id, key }) => {
    const object = objects.get(key);
    return object?.id !== id && object?.parts?.some((part) => id.startsWith(part.id)) !== true;
  });

const counts = (one: HeldObject, other: HeldObject): boolean =>
  one.parts === null ? one.storedAt < other.storedAt : one.storedAt > other.storedAt;

const objectOf = ({ id, time, tags }: ResticSnapshot): HeldObject[] => {
  if (!tags.includes('object')) return [];
  return [
    {
      key: tagged(tags, 'key'),
      id,
      bytes: Number(tagged(tags, 'bytes')),
      sha256: tagged(tags, 'sha256'),
      storedAt: time,
      parts: tags.some((tag) => tag.startsWith('parts=')) ? partsIn(tags) : null,
    },
  ];
};

const tagged = (tags: readonly string[], name: string): string =>
  tags.find((tag) => tag.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';

/** What an object with these tags consists of. */
export const partsIn = (tags: readonly string[]): Part[] =>
  tagged(tags, 'parts')
    .split('.')
    .filter((part) => part !== '')
    .map((part) => {
      const [id = '', bytes = '', form] = part.split('-');
      return { id, bytes: Number(bytes), form: form === 'folder' ? 'folder' : 'stream' };
    });
