// A file of environment variables, as Compose, systemd and most frameworks read `.env`.
import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { isErrno } from '../../files/status.js';

/** null: there is none, or it may not be read by this user. */
export const readEnvFile = async (file: string): Promise<Record<string, string> | null> => {
  try {
    const found = Object.entries(parseEnv(await readFile(file, 'utf8')));
    return Object.fromEntries(found.map(([name, value]) => [name, value ?? '']));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EACCES', 'EISDIR', 'ENOTDIR')) return null;
    throw error;
  }
};
