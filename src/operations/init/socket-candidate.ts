// PostgreSQL on this host, by the socket that it listens at. Which database is meant is known where this user may ask it.
import { readdir } from 'node:fs/promises';
import { ownName } from '../../config/own-name.js';
import { maintenanceDatabase, withSession } from '../../database/session.js';
import type { Candidate } from './candidate.js';
import { nameFor } from './names-for.js';

const FOLDERS = ['/var/run/postgresql', '/tmp'];

/** One for each database that this user sees; one with gaps where it may not look. A server with two sockets is one. */
export const socketCandidates = async (folders: readonly string[] = FOLDERS): Promise<Candidate[]> => {
  const sockets = (await Promise.all(folders.map(socketsIn))).flat();
  const asked = await Promise.all(
    sockets.map(async (socket) => ({ ...socket, ...(await seenAt(socket, ownName())) })),
  );
  const servers = new Map(asked.toReversed().map((one) => [`${one.port} ${one.since}`, one]));
  return asked.filter((one) => servers.get(`${one.port} ${one.since}`) === one).flatMap(candidatesAt);
};

interface Socket {
  folder: string;
  port: number;
}

/** `since`: when the server started, by which it is known; empty where this user may not look. */
interface Seen {
  since: string;
  databases: string[];
}

const socketsIn = async (folder: string): Promise<Socket[]> => {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => /^\.s\.PGSQL\.(\d+)$/.exec(name)?.[1] ?? [])
    .map((port) => ({ folder, port: Number(port) }))
    .sort((a, b) => a.port - b.port);
};

const candidatesAt = ({ folder, port, databases }: Socket & Seen): Candidate[] => {
  const user = ownName();
  const where = `PostgreSQL on this host, port ${port}`;
  const shared = { kind: 'socket' as const, folders: [], services: null, remarks: [] };
  const place = { kind: 'parts' as const, host: folder, port };
  if (databases.length > 0)
    return databases.map((name) => ({
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

/** Nothing where this user is no role, or has to give a password. */
const seenAt = async ({ folder, port }: Socket, user: string): Promise<Seen> => {
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
      const started = await client.query<{ since: string }>(
        'select extract(epoch from pg_catalog.pg_postmaster_start_time())::text as since',
      );
      const { rows } = await client.query<{ name: string }>(
        `select datname as name from pg_catalog.pg_database
          where not datistemplate and datallowconn and datname <> 'postgres' and datname !~ '^holdfast_' order by 1`,
      );
      return { since: started.rows[0]?.since ?? '', databases: rows.map(({ name }) => name) };
    });
  } catch {
    return { since: '', databases: [] };
  }
};
