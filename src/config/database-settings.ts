// One database as it is configured, and what can be told of its place before any reference is resolved.
import type { DatabaseSettings } from './config.js';
import { parseDatabaseUrl } from './database-url.js';
import type { ServerPlace } from './same-server.js';
import type { DatabaseShape } from './schema-database.js';
import { looksLikeReference } from './secret-reference.js';
import { DEFAULT_PORT } from './server-parts.js';
import type { Sound } from './sound-part.js';

/** null while something that it needs is missing. */
export const databaseSettings = (
  place: { name: string; path: string },
  shape: Sound<DatabaseShape>,
): DatabaseSettings | null => {
  const password = shape.password ?? null;
  if (shape.url !== undefined) return { ...place, kind: 'url', url: shape.url, password };
  const { host, port = DEFAULT_PORT, user, name } = shape;
  if (host === undefined || user === undefined || name === undefined) return null;
  return { ...place, kind: 'parts', host, port, user, password, database: name };
};

/** null where only the agent's environment knows. */
export const literalPlace = (settings: DatabaseSettings): ServerPlace | null => {
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
