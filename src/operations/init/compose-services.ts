// The services of a Compose file, with every name and path as the engine would have it.
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import {
  type ComposeMount,
  type ComposeProject,
  type ComposeService,
  variablesIn,
} from './compose-project.js';
import type { ComposeShape, ServiceShape } from './compose-shape.js';

export interface ComposeContext {
  /** Where the file lies: relative paths begin there. */
  folder: string;
  /** The project's name unless the file has one. */
  project: string;
  /** What the files of `env_file` hold, by their paths as they are written. */
  envFiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Pure: nothing is read. Of several files of a project the later ones count more. */
export const composeProject = (shapes: readonly ComposeShape[], context: ComposeContext): ComposeProject => {
  const name = shapes.findLast((shape) => shape.name !== undefined)?.name ?? context.project;
  const services = new Map<string, ComposeService>();
  const volumes = Object.assign({}, ...shapes.map((shape) => shape.volumes ?? {}));
  const secrets = Object.assign({}, ...shapes.map((shape) => shape.secrets ?? {}));
  for (const shape of shapes)
    for (const [key, given] of Object.entries(shape.services)) {
      const read = serviceOf(key, given, { ...context, project: name, volumes, secrets });
      const before = services.get(key);
      services.set(key, before === undefined ? read : merged(before, read));
    }
  return { name, folder: context.folder, services: [...services.values()] };
};

interface Names extends ComposeContext {
  volumes: NonNullable<ComposeShape['volumes']>;
  secrets: NonNullable<ComposeShape['secrets']>;
}

const serviceOf = (name: string, shape: ServiceShape, names: Names): ComposeService => ({
  name,
  image: shape.image ?? '',
  container: shape.container_name ?? `${names.project}-${name}-1`,
  environment: Object.assign(
    {},
    ...(shape.env_file ?? []).map((file) => names.envFiles[file] ?? {}),
    environmentOf(shape.environment),
  ),
  dependsOn: shape.depends_on ?? [],
  mounts: [
    ...(shape.volumes ?? []).flatMap((volume) => mountOf(volume, names)),
    ...(shape.secrets ?? []).flatMap((secret) => secretMount(secret, names)),
  ],
  hasHealthCheck: shape.healthcheck !== undefined,
});

const merged = (before: ComposeService, over: ComposeService): ComposeService => ({
  ...before,
  image: over.image || before.image,
  environment: { ...before.environment, ...over.environment },
  dependsOn: [...before.dependsOn, ...over.dependsOn],
  mounts: [
    ...before.mounts.filter(({ target }) => over.mounts.every((mount) => mount.target !== target)),
    ...over.mounts,
  ],
  hasHealthCheck: before.hasHealthCheck || over.hasHealthCheck,
});

/** A name without a value is taken from whoever starts Compose. */
const environmentOf = (given: ServiceShape['environment']): Record<string, string> =>
  Array.isArray(given)
    ? variablesIn(given)
    : Object.fromEntries(Object.entries(given ?? {}).map(([key, value]) => [key, String(value ?? '')]));

type VolumeShape = NonNullable<ServiceShape['volumes']>[number];

const mountOf = (given: VolumeShape, names: Names): ComposeMount[] => {
  const [source = '', target = ''] =
    typeof given === 'string'
      ? (/^([^:]+):([^:]+)/.exec(given)?.slice(1) ?? [])
      : given.type === undefined || given.type === 'volume' || given.type === 'bind'
        ? [given.source, given.target]
        : [];
  // A volume without a name lives no longer than its container; tmpfs not even that.
  if (source === '' || target === '') return [];
  const isBind = typeof given === 'string' ? /^[./~]/.test(source) : given.type === 'bind';
  return isBind
    ? [{ kind: 'bind', path: hostPath(source, names.folder), target }]
    : [{ kind: 'volume', volume: volumeName(source, names), target }];
};

const hostPath = (source: string, folder: string): string =>
  source === '~' || source.startsWith('~/') ? resolve(homedir(), source.slice(2)) : resolve(folder, source);

const volumeName = (key: string, { project, volumes }: Names): string => {
  const given = volumes[key];
  return given?.name ?? (given?.external === true ? key : `${project}_${key}`);
};

const secretMount = (
  { source, target = source }: { source: string; target?: string | undefined },
  { secrets, folder }: Names,
): ComposeMount[] => {
  const file = secrets[source]?.file;
  return file === undefined
    ? []
    : [{ kind: 'bind', path: hostPath(file, folder), target: resolve('/run/secrets', target) }];
};
