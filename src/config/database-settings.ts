// One database as it is configured, and what can be told of its place before any reference is resolved.
import type { DatabaseSettings } from './config.js';
import { parseDatabaseUrl } from './database-url.js';
import type { ServerPlace } from './same-server.js';
import type { DatabaseShape } from './schema-database.js';
import type { ContainerShape } from './schema-services.js';
import { looksLikeReference } from './secret-reference.js';
import { DEFAULT_PORT } from './server-parts.js';
import type { ContainerSettings } from './service-settings.js';
import type { Sound } from './sound-part.js';

/** null while something that it needs is missing. */
export const databaseSettings = (
  place: { name: string; path: string },
  shape: Sound<DatabaseShape>,
): DatabaseSettings | null => {
  const container = shape.container === undefined ? undefined : containerSettings(shape.container);
  if (container === null) return null;
  const where = { ...place, ...(container === undefined ? {} : { container }) };
  const password = shape.password ?? null;
  if (shape.url !== undefined) return { ...where, kind: 'url', url: shape.url, password };
  const { host = container === undefined ? undefined : '', port = DEFAULT_PORT, user, name } = shape;
  if (host === undefined || user === undefined || name === undefined) return null;
  return { ...where, kind: 'parts', host, port, user, password, database: name };
};

/** null while it is not complete. */
const containerSettings = (shape: Sound<ContainerShape>): ContainerSettings | null => {
  if (typeof shape === 'string') return { kind: 'container', name: shape };
  const { project, service } = shape.compose ?? {};
  return project === undefined || service === undefined ? null : { kind: 'compose', project, service };
};

/** null where only the agent's environment knows. The container stands for the server: its address may change. */
export const literalPlace = (settings: DatabaseSettings): ServerPlace | null => {
  const place = writtenPlace(settings);
  if (place === null || settings.container === undefined) return place;
  return { ...place, host: `container ${containerName(settings.container)}` };
};

const containerName = (container: ContainerSettings): string =>
  container.kind === 'container' ? container.name : `${container.project}/${container.service}`;

const writtenPlace = (settings: DatabaseSettings): ServerPlace | null => {
  const { name } = settings;
  if (settings.kind === 'parts')
    return { name, host: settings.host, port: settings.port, database: settings.database };
  if (looksLikeReference(settings.url)) return null;
  const parsed = parseDatabaseUrl(settings.url);
  return 'problem' in parsed ? null : { name, ...parsed.target };
};

/** `database` is short for one database that is called main. */
export const databaseShapes = <Shape>(deployment: {
  readonly database?: Shape | undefined;
  readonly databases?: { readonly [name: string]: Shape } | undefined;
}): { name: string; path: string[]; shape: Shape }[] => {
  const { database, databases = {} } = deployment;
  return [
    ...(database === undefined ? [] : [{ name: 'main', path: ['database'], shape: database }]),
    ...Object.entries(databases).map(([name, shape]) => ({ name, path: ['databases', name], shape })),
  ];
};
