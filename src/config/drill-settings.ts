// A drill's settings as the rest of holdfast sees them: with their defaults, secrets still references.
import type { DatabaseSettings, DrillSettings } from './config.js';
import type { DrillShape } from './schema-drill.js';
import { DEFAULT_PORT } from './server-parts.js';

/** @param databases the deployment's: a query without one is for the first */
export const drillOf = (
  { assertions = [], server }: DrillShape,
  deployment: string,
  databases: readonly { name: string }[],
): DrillSettings => ({
  assertions: assertions.map((given) => {
    const { query, database } = typeof given === 'string' ? { query: given, database: undefined } : given;
    return { query, database: database ?? databases[0]?.name ?? '' };
  }),
  server: server === undefined ? null : serverOf(server, `deployments.${deployment}.drill.server`),
});

const serverOf = (
  { url, host = '', port = DEFAULT_PORT, user = '', password }: NonNullable<DrillShape['server']>,
  path: string,
): DatabaseSettings => {
  const place = { name: 'drill', path, password: password ?? null };
  return url === undefined
    ? { ...place, kind: 'parts', host, port, user, database: '' }
    : { ...place, kind: 'url', url };
};
