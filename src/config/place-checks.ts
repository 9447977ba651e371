// Trees, repositories and the state folder: which may lie inside which. Symbolic links are followed as far as there is anything.
import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { mayOverlap } from '../domain/include-pattern.js';
import { folderPath } from './folder-path.js';
import { isInside } from './is-inside.js';
import { type Path, type Problem, pathText } from './problem.js';
import type { ConfigShape } from './schema.js';
import type { Sound } from './sound-part.js';

interface Place {
  path: Path;
  kind: 'tree' | 'repository' | 'state';
  given: string;
  /** Without symbolic links. */
  real: string;
  /** Only these entries of it; empty: all. */
  include: readonly string[];
}

/** @param state the state folder in use; null if it is not known */
export const placeProblems = async (sound: Sound<ConfigShape>, state: string | null): Promise<Problem[]> => {
  const places = await Promise.all(
    configuredPlaces(sound, state).map(async (place) => ({ ...place, real: await realPath(place.given) })),
  );
  // Every pair once. Trees come last: of a tree and something else, it is the tree that is complained about.
  return places.flatMap((place, index) =>
    places.slice(0, index).flatMap((other) => {
      const relation = relationOf(place, other);
      if (relation === null || isAllowed(place, other, relation)) return [];
      return [{ path: place.path, text: sentence(place, other, relation) }];
    }),
  );
};

const configuredPlaces = (sound: Sound<ConfigShape>, state: string | null): Omit<Place, 'real'>[] => [
  ...(state === null ? [] : [{ path: ['state'], kind: 'state' as const, given: state, include: [] }]),
  ...Object.entries(sound.repositories ?? {}).flatMap(([name, { local, restic }]) => {
    const given = local ?? restic;
    return given === undefined || !isAbsolute(given)
      ? []
      : [
          {
            path: ['repositories', name],
            kind: 'repository' as const,
            given: folderPath(given),
            include: [],
          },
        ];
  }),
  ...Object.entries(sound.deployments ?? {}).flatMap(([deployment, { files = {} }]) =>
    Object.entries(files).flatMap(([name, tree]) => {
      const { path: given, include = [] } = typeof tree === 'string' ? { path: tree } : tree;
      const path = ['deployments', deployment, 'files', name];
      return given === undefined ? [] : [{ path, kind: 'tree' as const, given: folderPath(given), include }];
    }),
  ),
];

type Relation = 'is the same folder as' | 'lies inside' | 'contains';

const relationOf = (place: Place, other: Place): Relation | null => {
  if (place.real === other.real) return 'is the same folder as';
  if (isInside(place.real, other.real)) return 'lies inside';
  return isInside(other.real, place.real) ? 'contains' : null;
};

/** Backups may be kept in a folder of their own in the state folder; of a folder stored in part, what is named decides. */
const isAllowed = (place: Place, other: Place, relation: Relation): boolean =>
  (place.kind === 'repository' && other.kind === 'state' && relation === 'lies inside') ||
  (relation === 'contains' && leavesOut(place, other)) ||
  (relation === 'lies inside' && leavesOut(other, place));

const leavesOut = ({ include, real }: Place, inside: Place): boolean =>
  include.length > 0 && !include.some((entry) => mayOverlap(entry, relative(real, inside.real)));

const sentence = (place: Place, other: Place, relation: Relation): string =>
  `${shown(place)} ${relation} ${pathText(other.path)}, ${shown(other)}; ${reason(place, other)}`;

const shown = ({ given, real }: Place): string => (given === real ? given : `${given} (really ${real})`);

const reason = (place: Place, other: Place): string => {
  if (place.kind === 'repository') return 'each needs a folder of its own';
  if (other.kind === 'tree') return 'folders that are restored must not overlap';
  return `${other.kind === 'state' ? 'the agent’s state' : 'backups'} must not be part of what is backed up`;
};

/** The folder that `path` leads to; the part of it that does not exist or may not be looked at stays as it is written. */
const realPath = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPath(parent), basename(path));
  }
};
