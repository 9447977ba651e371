// PostgreSQL on this host, by the socket that it listens at. Which database is meant is known where this user may ask it.
import { readdir } from 'node:fs/promises';
import { ownName } from '../../config/own-name.js';
import { maintenanceDatabase, withSession } from '../../database/session.js';
import type { Candidate } from './candidate.js';
import { nameFor } from './names-for.js';

const FOLDERS = ['/var/run/postgresql', '/tmp'];

/** One for each database that this user sees; one with gaps where it may not look. */
export const socketCandidates = async (folders: readonly string[] = FOLDERS): Promise<Candidate[]> => {
  const found = await Promise.all(folders.map(socketsIn));
  return (await Promise.all(found.flat().map(candidatesAt))).flat();
};

interface Socket {
  folder: string;
  port: number;
}

const socketsIn = async (folder: string): Promise<Socket[]> => {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => /^\.s\.PGSQL\.(\d+)$/.exec(name)?.[1] ?? [])
    .map((port) => ({ folder, port: Number(port) }))
    .sort((a, b) => a.port - b.port);
};

const candidatesAt = async ({ folder, port }: Socket): Promise<Candidate[]> => {
  const user = ownName();
  const where = `PostgreSQL on this host, port ${port}`;
  const names = await databasesAt({ folder, port }, user);
  const shared = { kind: 'socket' as const, folders: [], services: null, remarks: [] };
  const place = { kind: 'parts' as const, host: folder, port };
  if (names.length > 0)
    return names.map((name) => ({
      ...shared,
      label: `database ${name} of ${where}`,
      name: nameFor(name, 'app'),
      database: { ...place, name, user, password: 'none' },
    }));
  return [
    {
      ...shared,
      label: `${where}: its database and role are for you to fill in`,
      name: 'app',
      database: { ...place, name: null, user: null, password: 'none' },
    },
  ];
};

/** None where this user is no role, or has to give a password. */
const databasesAt = async ({ folder, port }: Socket, user: string): Promise<string[]> => {
  const target = {
    name: 'main',
    host: folder,
    port,
    user,
    password: null,
    database: '',
    parameters: { connect_timeout: '3' },
  };
  const choice = { database: maintenanceDatabase([]), applicationName: 'holdfast:init' };
  try {
    return await withSession(target, choice, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `select datname as name from pg_catalog.pg_database
          where not datistemplate and datallowconn and datname <> 'postgres' and datname !~ '^holdfast_' order by 1`,
      );
      return rows.map(({ name }) => name);
    });
  } catch {
    return [];
  }
};
