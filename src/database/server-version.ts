// The server's version, asked where it can be asked although a live database may be gone.
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import { maintenanceDatabase, withSession } from './session.js';

/** 15 for 15.18. */
export const serverMajor = (target: DatabaseTarget, applicationName: string): Promise<number> =>
  withSession(target, { database: maintenanceDatabase([target]), applicationName }, async (client) => {
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    const version = rows[0]?.version;
    if (version === undefined)
      throw new Failure('DATABASE_UNREACHABLE', 'the server did not say its version');
    return Math.floor(version / 10_000);
  });
