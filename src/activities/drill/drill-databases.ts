// Where the databases of a backup are restored for a drill: on the server that is named for it, or on the deployment's own.
import type { DatabaseSettings, Deployment } from '../../config/config.js';
import { Failure } from '../../domain/failure.js';

/** One for each name. All of a deployment's databases are on one server: one that it no longer names finds it too. */
export const drillDatabases = (
  { name, databases, drill }: Deployment,
  wanted: readonly string[],
): DatabaseSettings[] =>
  wanted.map((database) => {
    const own = databases.find((one) => one.name === database) ?? databases[0];
    const settings = drill?.server ?? own;
    if (settings === undefined)
      throw new Failure(
        'CONFIG_INVALID',
        `the backup holds database ${database}, and there is no server to drill it on`,
        { hint: `name one: deployments.${name}.drill.server` },
      );
    return { ...settings, name: database };
  });
