// What is asked of the server itself, where it can be asked although a live database may be gone.
import type { DatabaseTarget } from '../config/targets.js';
import { Failure } from '../domain/failure.js';
import { maintenanceDatabase, withSession } from './session.js';

/** 15 for 15.18. */
export const serverMajor = async (target: DatabaseTarget, applicationName: string): Promise<number> => {
  const version = await setting(target, 'server_version_num', applicationName);
  if (version === null) throw new Failure('DATABASE_UNREACHABLE', 'the server did not say its version');
  return Math.floor(Number(version) / 10_000);
};

/** On the server's own host; null where the role may not know. */
export const dataDirectory = (target: DatabaseTarget, applicationName: string): Promise<string | null> =>
  setting(target, 'data_directory', applicationName);

const setting = (target: DatabaseTarget, name: string, applicationName: string): Promise<string | null> =>
  withSession(target, { database: maintenanceDatabase([target]), applicationName }, async (client) => {
    const { rows } = await client.query<{ setting: string | null }>(
      'select setting from pg_settings where name = $1',
      [name],
    );
    return rows[0]?.setting ?? null;
  });
