// Where a program is. A missing one is found out before anything starts, and named with the package that holds it.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { programPath } from '../config/environment.js';
import { Failure } from '../domain/failure.js';

/** The program's absolute path. @throws TOOL_MISSING */
export const findProgram = async (name: string): Promise<string> => {
  const found = await lookUp(name);
  if (found === null) throw missingProgram(name);
  return found;
};

export const missingProgram = (name: string): Failure =>
  new Failure('TOOL_MISSING', `${name} is not installed`, { hint: installHint(name) });

/** As findProgram, for a program that one can do without. */
export const lookUp = async (name: string): Promise<string | null> => {
  const places = isAbsolute(name) ? [name] : searchPath().map((folder) => join(folder, name));
  for (const place of places) {
    if (await isExecutable(place)) return place;
  }
  return null;
};

/** Relative folders are skipped: what they hold depends on where the agent was started. */
const searchPath = (): string[] => programPath().split(delimiter).filter(isAbsolute);

const isExecutable = async (file: string): Promise<boolean> => {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
};

/** Debian’s package and Homebrew’s formula, where their names are not the program’s. */
const PACKAGES: Readonly<Record<string, readonly [debian: string, brew: string]>> = {
  pg_dump: ['postgresql-client', 'libpq'],
  pg_dumpall: ['postgresql-client', 'libpq'],
  pg_restore: ['postgresql-client', 'libpq'],
  'age-keygen': ['age', 'age'],
  gtar: ['tar', 'gnu-tar'],
  docker: ['docker.io', 'docker'],
};

const installHint = (name: string): string => {
  const program = name.slice(name.lastIndexOf('/') + 1);
  const [debian, brew] = PACKAGES[program] ?? [program, program];
  return `install it: apt-get install ${debian} (Debian, Ubuntu), brew install ${brew} (macOS)`;
};
