// Where PostgreSQL's server programs are, and as whom they may run.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface ServerAccount {
  uid: number;
  gid: number;
}

/** The folder of initdb and postgres: the newest of Debian's, of the PATH, of Homebrew's. */
export const serverPrograms = (): string => {
  const places = [
    ...versioned('/usr/lib/postgresql', (name) => `/usr/lib/postgresql/${name}/bin`),
    ...versioned('/usr', (name) => (name.startsWith('pgsql-') ? `/usr/${name}/bin` : '')),
    ...(process.env.PATH ?? '').split(':'),
    ...['/opt/homebrew/opt', '/usr/local/opt'].flatMap((opt) =>
      versioned(opt, (name) => (name.startsWith('postgresql') ? `${opt}/${name}/bin` : '')),
    ),
  ];
  const found = places.find(
    (place) => place !== '' && existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')),
  );
  if (found === undefined) throw new Error('no PostgreSQL server is installed (initdb, postgres)');
  return found;
};

const versioned = (folder: string, place: (name: string) => string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
        .map(place)
    : [];

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`. */
export const serverAccount = (): ServerAccount | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const ids = ['-u', '-g'].map((flag) => numberOf(flag, name));
    if (ids[0] !== undefined && ids[1] !== undefined) return { uid: ids[0], gid: ids[1] };
  }
  throw new Error('there is neither a user postgres nor a user nobody');
};

const numberOf = (flag: string, name: string): number | undefined => {
  try {
    return Number(
      execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return undefined;
  }
};
