// What must hold within a deployment and between its values. Takes a configuration in which something may be wrong already.
import { databaseSettings, databaseShapes, literalPlace } from './database-settings.js';
import { drillProblems } from './drill-problems.js';
import { healthProblems } from './health-problems.js';
import { suggestion } from './nearest.js';
import { isMapping, keysAt, MISSING, type Path, type Problem, pathText, valueAt } from './problem.js';
import { serverOf, serverProblems } from './same-server.js';
import type { ConfigShape, DeploymentShape } from './schema.js';
import type { Sound } from './sound-part.js';
import { tierProblems } from './tier-problems.js';

/** @param raw the configuration as it is written: it tells what is missing from what is merely wrong */
export const deploymentProblems = (raw: unknown, sound: Sound<ConfigShape>): Problem[] => [
  ...keysAt(raw, ['deployments']).flatMap((name) => {
    const path = ['deployments', name];
    if (!isMapping(valueAt(raw, path))) return [];
    const deployment = sound.deployments?.[name] ?? {};
    return [
      ...contentProblems(raw, path),
      ...sealProblems(raw, path),
      ...databaseKeys(raw, path),
      ...serverPlaceProblems(deployment, path),
      ...repositoryProblems(raw, deployment, path),
      ...healthProblems(deployment.health, databaseNames(raw, path), path),
      ...drillProblems(deployment.drill, databaseNames(raw, path), path),
      ...tierProblems(raw, path, tierSurroundings(raw, deployment)),
    ];
  }),
  ...sharedDatabases(sound),
  ...sharedVolumes(sound),
];

const contentProblems = (raw: unknown, path: Path): Problem[] => {
  const has = (key: string): boolean => keysAt(raw, path).includes(key);
  const holds = (key: string): boolean => keysAt(raw, [...path, key]).length > 0;
  if (has('database') && has('databases'))
    return [
      {
        path: [...path, 'database'],
        text: 'is short for databases: { main: … }, which is here too; use one of the two',
      },
    ];
  return has('database') || holds('databases') || holds('files')
    ? []
    : [{ path, text: 'has neither database nor files, so there is nothing to back up' }];
};

/** What is wrong with the repositories or with the key is not told a second time by the tiers. */
const tierSurroundings = (raw: unknown, { repositories = [] }: Sound<DeploymentShape>) => {
  const all = keysAt(raw, ['repositories']);
  const named = repositories.flatMap((name) => name ?? []);
  const names = named.length === 0 ? all : named;
  const primaryEncrypts = keysAt(raw, ['repositories', names[0] ?? '']).includes('restic');
  const encrypted = keysAt(raw, []).includes('encryption') && !primaryEncrypts;
  return { repositories: names, opens: !encrypted || keysAt(raw, ['encryption']).includes('identity') };
};

/** Sealed to nobody, they would lie there for everybody. */
const sealProblems = (raw: unknown, path: Path): Problem[] =>
  valueAt(raw, [...path, 'sealSecrets']) === true && !keysAt(raw, []).includes('encryption')
    ? [
        {
          path: [...path, 'sealSecrets'],
          text: 'needs encryption.recipients: secrets are stored for these alone',
        },
      ]
    : [];

/** Also of those that are not complete yet. */
const databaseNames = (raw: unknown, path: Path): string[] => [
  ...(keysAt(raw, path).includes('database') ? ['main'] : []),
  ...keysAt(raw, [...path, 'databases']),
];

/** Either a URL or its parts, and all of them. */
const databaseKeys = (raw: unknown, path: Path): Problem[] => {
  const places = [
    [...path, 'database'],
    ...keysAt(raw, [...path, 'databases']).map((name) => [...path, 'databases', name]),
  ];
  return places
    .filter((place) => isMapping(valueAt(raw, place)))
    .flatMap((place) => partProblems(place, keysAt(raw, place)));
};

const partProblems = (path: Path, keys: readonly string[]): Problem[] => {
  const parts = ['host', 'port', 'name', 'user'].filter((key) => keys.includes(key));
  if (keys.includes('url') && parts.length > 0)
    return [{ path, text: `has both url and ${parts.join(', ')}; use the one or the other` }];
  if (keys.includes('url')) return [];
  const needed = keys.includes('container') ? ['name', 'user'] : ['host', 'name', 'user'];
  if (parts.length === 0) return [{ path, text: `needs url, or ${inWords(needed)}` }];
  return needed.filter((key) => !parts.includes(key)).map((key) => ({ path: [...path, key], text: MISSING }));
};

const inWords = (keys: readonly string[]): string => keys.join(', ').replace(/, (\w+)$/, ' and $1');

const serverPlaceProblems = (deployment: Sound<DeploymentShape>, path: Path): Problem[] =>
  serverProblems(literalPlaces(deployment, path)).map(({ place, text }) => ({ path: place.path, text }));

/** Two deployments would restore over each other: only one operation at a time is kept within each. */
const sharedDatabases = (sound: Sound<ConfigShape>): Problem[] => {
  const seen = new Map<string, Path>();
  return Object.entries(sound.deployments ?? {}).flatMap(([name, deployment]) => {
    const places = literalPlaces(deployment, ['deployments', name]).map((place) => ({
      ...place,
      identity: `${serverOf(place)} ${place.database}`,
    }));
    const problems = places.flatMap(({ path, identity }) => {
      const other = seen.get(identity);
      return other === undefined ? [] : [{ path, text: `is the same database as ${pathText(other)}` }];
    });
    for (const { identity, path } of places) seen.set(identity, path);
    return problems;
  });
};

const sharedVolumes = (sound: Sound<ConfigShape>): Problem[] => {
  const seen = new Map<string, Path>();
  return Object.entries(sound.deployments ?? {}).flatMap(([deployment, { files = {} }]) =>
    Object.entries(files).flatMap(([name, tree]) => {
      const volume = typeof tree === 'string' ? undefined : tree.volume;
      if (volume === undefined) return [];
      const path = ['deployments', deployment, 'files', name];
      const other = seen.get(volume);
      if (other === undefined) seen.set(volume, path);
      return other === undefined ? [] : [{ path, text: `is the same volume as ${pathText(other)}` }];
    }),
  );
};

const literalPlaces = (deployment: Sound<DeploymentShape>, base: Path) =>
  databaseShapes(deployment).flatMap(({ name, path, shape }) => {
    const settings = databaseSettings({ name, path: pathText([...base, ...path]) }, shape);
    const place = settings === null ? null : literalPlace(settings);
    return place === null ? [] : [{ ...place, path: [...base, ...path] }];
  });

const repositoryProblems = (raw: unknown, deployment: Sound<DeploymentShape>, base: Path): Problem[] => {
  const known = keysAt(raw, ['repositories']);
  const names = deployment.repositories ?? [];
  return names.flatMap((name, index) => {
    const path = [...base, 'repositories', index];
    if (name === undefined) return [];
    if (names.indexOf(name) < index) return [{ path, text: `names ${name} a second time` }];
    return known.includes(name)
      ? []
      : [{ path, text: `names ${name}, which is not under repositories${suggestion(name, known, 'ones')}` }];
  });
};
