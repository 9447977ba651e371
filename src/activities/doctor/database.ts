// DATABASE: every database answers, may be read, and the right client for it is here.
import type { Deployment } from '../../config/config.js';
import { sameServer } from '../../config/same-server.js';
import type { DatabaseTarget } from '../../config/targets.js';
import { checkServer } from '../../database/preflight.js';
import { locateDatabase } from '../../operations/locate.js';
import { exactProgram, postgresProgram } from '../../tools/find-program.js';
import type { Check } from './check.js';

/** @param applicationName what the sessions are called */
export const databaseChecks = (deployment: Deployment, applicationName: string): Check[] =>
  deployment.databases.length === 0
    ? []
    : [{ area: 'DATABASE', run: () => checkDatabases(deployment, applicationName) }];

const checkDatabases = async (deployment: Deployment, applicationName: string): Promise<string> => {
  const targets = await Promise.all(deployment.databases.map(locateDatabase));
  sameServer(targets);
  const lines: string[] = [];
  for (const target of targets) {
    const { serverVersion, bytes } = await checkServer(target, { applicationName });
    const server = Math.floor(serverVersion / 10000);
    lines.push(
      `database ${target.name}: ${target.database} on PostgreSQL ${server} answers (${Math.round(bytes / 1e6)} MB), ${await dumpProgram(target, server)}`,
    );
  }
  return lines.join('; ');
};

const dumpProgram = async ({ container }: DatabaseTarget, server: number): Promise<string> => {
  if (container !== undefined && (await exactProgram('pg_dump', server)) === null)
    return `pg_dump runs beside it, from the image of ${container.name}`;
  return `pg_dump ${(await postgresProgram('pg_dump', server)).major} fits`;
};
