// Which program to use: the one on PATH, and of PostgreSQL's the one whose major version fits the server's.
import { readdir } from 'node:fs/promises';
import { Failure } from '../domain/failure.js';
import { lookUp, missingProgram } from './program-lookup.js';
import { versionText } from './program-version.js';

export { findProgram, lookUp } from './program-lookup.js';

export type PostgresProgram = 'pg_dump' | 'pg_restore' | 'pg_dumpall';

export interface FoundProgram {
  path: string;
  major: number;
}

/**
 * The server's own major, on PATH or where packages put it; else the next newer one. An older one refuses to dump.
 * @throws TOOL_MISSING, VERSION_MISMATCH
 */
export const postgresProgram = async (name: PostgresProgram, serverMajor: number): Promise<FoundProgram> => {
  const onPath = await versionOf(await lookUp(name));
  if (onPath?.major === serverMajor) return onPath;
  const packaged = await packagedPrograms(name, serverMajor);
  const exact = packaged.find(({ major }) => major === serverMajor);
  if (exact !== undefined) return exact;
  if (onPath !== null && onPath.major > serverMajor) return onPath;
  const [newer] = packaged;
  if (newer !== undefined) return newer;
  if (onPath === null) throw missingProgram(name);
  throw tooOld(name, serverMajor, onPath);
};

/** null: this host has none of just that major. A newer pg_restore may say what an older server does not know. */
export const exactProgram = async (name: PostgresProgram, major: number): Promise<FoundProgram | null> => {
  try {
    const found = await postgresProgram(name, major);
    return found.major === major ? found : null;
  } catch (error) {
    if (error instanceof Failure && ['TOOL_MISSING', 'VERSION_MISMATCH'].includes(error.code)) return null;
    throw error;
  }
};

/** null: there is none, or it does not say. Debian's wrapper fails where no client is installed behind it. */
const versionOf = async (path: string | null): Promise<FoundProgram | null> => {
  if (path === null) return null;
  try {
    const major = /\(PostgreSQL\) (\d+)/.exec(await versionText(path))?.[1];
    return major === undefined ? null : { path, major: Number(major) };
  } catch (error) {
    if (error instanceof Failure && error.code === 'TOOL_FAILED') return null;
    throw error;
  }
};

/** Debian and Ubuntu, Homebrew on Apple and Intel processors, the PostgreSQL project's RPMs. */
const PACKAGE_FOLDERS = [
  { parent: '/usr/lib/postgresql', folder: /^(\d+)$/ },
  { parent: '/opt/homebrew/opt', folder: /^postgresql@(\d+)$/ },
  { parent: '/usr/local/opt', folder: /^postgresql@(\d+)$/ },
  { parent: '/usr', folder: /^pgsql-(\d+)$/ },
] as const;

/** Those of at least this major, the oldest first. */
const packagedPrograms = async (name: PostgresProgram, least: number): Promise<FoundProgram[]> => {
  const found: FoundProgram[] = [];
  for (const { parent, folder } of PACKAGE_FOLDERS) {
    for (const entry of await readdir(parent).catch(() => [])) {
      const major = Number(folder.exec(entry)?.[1] ?? 0);
      const path = major < least ? null : await lookUp(`${parent}/${entry}/bin/${name}`);
      if (path !== null) found.push({ path, major });
    }
  }
  return found.sort((one, other) => one.major - other.major);
};

const tooOld = (name: PostgresProgram, serverMajor: number, found: FoundProgram | null): Failure => {
  const task = name === 'pg_restore' ? 'restore into' : 'dump';
  return new Failure(
    'VERSION_MISMATCH',
    `${name} ${found?.major ?? 'of an unknown version'} cannot ${task} a PostgreSQL ${serverMajor} server`,
    {
      hint: `install postgresql-client-${serverMajor} (Debian, Ubuntu) or postgresql@${serverMajor} (Homebrew)`,
    },
  );
};
