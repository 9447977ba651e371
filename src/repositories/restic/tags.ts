// What the tags of a snapshot say: which objects it makes, and what each consists of.
import type { ResticLabels } from '../../tools/restic.js';
import type { Digest } from '../hash.js';

/** A piece of an artifact: of a stream its bytes; of a folder all of its files, one after the other. */
export interface Part {
  /** Of the snapshot, or its beginning. */
  id: string;
  bytes: number;
  form: 'stream' | 'folder';
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
  `parts=${inTag(parts)}`,
];

export const smallTags = (objects: readonly (Digest & { key: string })[]): string[] => [
  'object',
  ...objects.map(({ key, bytes, sha256 }) => `file=${bytes}-${sha256}-${key}`),
];

/** Of an artifact whose snapshot is that of others too. Its key is no tag of its own: the data’s snapshots have that. */
export const sharedTag = ({ key, bytes, sha256, parts }: Digest & { key: string; parts: readonly Part[] }) =>
  `artifact=${bytes}:${sha256}:${inTag(parts)}:${key}`;

const inTag = (parts: readonly Part[]): string =>
  parts.map((part) => `${part.id}-${part.bytes}-${part.form}`).join('.');

type Artifact = Digest & { key: string; parts: Part[] };

export const artifactsIn = (tags: readonly string[]): Artifact[] => [
  ...allTagged(tags, 'parts').map((parts) => ({
    key: tagged(tags, 'key'),
    bytes: Number(tagged(tags, 'bytes')),
    sha256: tagged(tags, 'sha256'),
    parts: partsOf(parts),
  })),
  ...allTagged(tags, 'artifact').flatMap((one) => {
    const [, bytes, sha256 = '', parts = '', key = ''] = /^(\d+):([0-9a-f]+):([^:]*):(.+)$/s.exec(one) ?? [];
    return bytes === undefined ? [] : [{ key, bytes: Number(bytes), sha256, parts: partsOf(parts) }];
  }),
];

export const smallIn = (tags: readonly string[]): (Digest & { key: string })[] =>
  allTagged(tags, 'file').flatMap((file) => {
    const [, bytes, sha256 = '', key = ''] = /^(\d+)-([0-9a-f]+)-(.+)$/s.exec(file) ?? [];
    return bytes === undefined ? [] : [{ key, bytes: Number(bytes), sha256 }];
  });

/** Of all that is in a snapshot, or that it makes an object. */
export const keysIn = (tags: readonly string[]): string[] => [
  ...new Set([...allTagged(tags, 'key'), ...artifactsIn(tags).map(({ key }) => key)]),
];

const allTagged = (tags: readonly string[], name: string): string[] =>
  tags.filter((tag) => tag.startsWith(`${name}=`)).map((tag) => tag.slice(name.length + 1));

export const tagged = (tags: readonly string[], name: string): string => allTagged(tags, name)[0] ?? '';

/** What the objects with these tags consist of. */
export const partsIn = (tags: readonly string[]): Part[] => artifactsIn(tags).flatMap(({ parts }) => parts);

const partsOf = (text: string): Part[] =>
  text
    .split('.')
    .filter((part) => part !== '')
    .map((part) => {
      const [id = '', bytes = '', form] = part.split('-');
      return { id, bytes: Number(bytes), form: form === 'folder' ? 'folder' : 'stream' };
    });
