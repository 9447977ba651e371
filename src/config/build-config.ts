// A configuration without problems, typed and with its defaults.
import type { Config, Deployment, TemporalSettings } from './config.js';
import { databaseSettings, databaseShapes } from './database-settings.js';
import { digestOf } from './digest.js';
import { drillOf } from './drill-settings.js';
import { parseDuration } from './duration.js';
import { encrypts } from './encrypts.js';
import { folderPath } from './folder-path.js';
import { healthOf } from './health-of.js';
import { hooksOf } from './hooks-of.js';
import { notifiersOf } from './notify-of.js';
import { pathText } from './problem.js';
import { repositorySettings } from './repository-settings.js';
import { routineOf } from './routines.js';
import type { ConfigShape, DeploymentShape } from './schema.js';
import { encryptionSettings } from './schema-encryption.js';
import { servicesOf } from './services-of.js';
import { hostTimezone } from './timezone.js';
import { treeSettings } from './tree-settings.js';

export const buildConfig = (place: { file: string; state: string }, shape: ConfigShape): Config => {
  const repositories = mapValues(shape.repositories, (given, name) => repositorySettings(name, given));
  const encryption = encryptionSettings(shape.encryption);
  return {
    file: place.file,
    agent: shape.agent ?? 'default',
    state: folderPath(place.state),
    timezone: shape.timezone ?? hostTimezone(),
    temporal: temporalSettings(shape.temporal),
    repositories,
    encryption,
    trust: shape.trust ?? [],
    notify: notifiersOf(shape.notify),
    routines: mapValues(shape.deployments, (deployment) => {
      const names = deployment.repositories ?? Object.keys(repositories);
      const closed = encrypts({ encryption, repositories }, { repositories: names });
      return routineOf(deployment, { repositories: names, opens: !closed || encryption?.identity != null });
    }),
    deployments: mapValues(shape.deployments, (deployment, name) =>
      buildDeployment(name, deployment, { repositories, encryption }),
    ),
  };
};

const temporalSettings = (temporal: ConfigShape['temporal'] = 'embedded'): TemporalSettings =>
  temporal === 'embedded'
    ? { kind: 'embedded' }
    : { kind: 'address', address: temporal.address, namespace: temporal.namespace ?? 'default' };

const buildDeployment = (name: string, shape: DeploymentShape, shared: Shared): Deployment => {
  const deployment = {
    name,
    databases: databaseShapes(shape).flatMap(({ name: database, path, shape: given }) => {
      const place = { name: database, path: pathText(['deployments', name, ...path]) };
      return databaseSettings(place, given) ?? [];
    }),
    trees: treeSettings(shape.files),
    services: servicesOf(shape.services),
    hooks: hooksOf(shape.hooks),
    health: healthOf(
      shape.health,
      databaseShapes(shape).map((database) => database.name),
    ),
    repositories: shape.repositories ?? Object.keys(shared.repositories),
    ...(shape.sealSecrets === true ? { sealSecrets: true as const } : {}),
    keepPreviousMs: milliseconds(shape.keepPrevious ?? '48h'),
    approveWithinMs: milliseconds(shape.approveWithin ?? '30m'),
    forwardWithinMs: milliseconds(shape.forwardWithin ?? '2m'),
    maxPauseMs: milliseconds(shape.maxPause ?? '30s'),
    stallTimeoutMs: milliseconds(shape.stallTimeout ?? '10m'),
    ...(shape.drill === undefined || saysNothing(shape.drill)
      ? {}
      : { drill: drillOf(shape.drill, name, databaseShapes(shape)) }),
  };
  return { ...deployment, digest: deploymentDigest(deployment, shared) };
};

/** Of what a drill asks, and where; when it is made is the routine's. */
const saysNothing = ({ assertions, server }: NonNullable<DeploymentShape['drill']>): boolean =>
  assertions === undefined && server === undefined;

/** What all deployments have in common. */
type Shared = Pick<Config, 'repositories' | 'encryption'>;

/** Where in the file a database stands says nothing about it; what its repositories' names stand for does. */
const deploymentDigest = (
  deployment: Omit<Deployment, 'digest'>,
  { repositories, encryption }: Shared,
): string =>
  digestOf({
    ...deployment,
    databases: deployment.databases.map((database) => ({ ...database, path: undefined })),
    repositories: deployment.repositories.map((name) => repositories[name]),
    ...(encryption === null ? {} : { encryption }),
  });

const milliseconds = (duration: string): number => parseDuration(duration) ?? Number.NaN;

const mapValues = <From, To>(
  record: Record<string, From>,
  convert: (value: From, key: string) => To,
): Record<string, To> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value, key)]));
