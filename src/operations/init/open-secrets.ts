// A password that stands in this folder's `.env` and that everybody on this host can read. Said only: who else needs the file is
// not known here.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvFile } from './env-file.js';

/** A sentence that quotes no value; null: there is none, or it is private. */
export const openSecrets = async (folder: string): Promise<string | null> => {
  const file = join(folder, '.env');
  // Before it is read: whoever removes it meanwhile has closed it.
  const mode = await stat(file).then(
    (found) => found.mode,
    () => 0,
  );
  if ((mode & OTHERS_READ) === 0) return null;
  const names = Object.entries((await readEnvFile(file)) ?? {}).flatMap(([name, value]) =>
    isSecret(name, value) ? [name] : [],
  );
  const [first] = names.sort();
  if (first === undefined) return null;
  const more = names.length === 1 ? '' : ` and ${names.length - 1} more`;
  return `everybody on this host can read ${file}, where ${first}${more} stands: chmod 600 .env`;
};

const OTHERS_READ = 0o004;

const isSecret = (name: string, value: string): boolean =>
  (value !== '' && SECRETS.test(name) && !ABOUT_THEM.test(name) && !FOLDERS.test(name)) ||
  /^[a-z0-9+_]+:\/\/[^/@\s]*:[^@/\s]+@/i.test(value);

const SECRETS = /PASS(WORD|WD|PHRASE)?$|PWD$|SECRET|TOKEN|API_?KEY/i;

/** Where one is, how long one lasts and what it is like: that is none. */
const ABOUT_THEM =
  /_(FILE|PATH|TTL|AGE|EXPIRY|EXPIRES(_(IN|AT|AFTER))?|EXPIRATION|LIFETIME|TIMEOUT|(MILLI)?SECONDS|MINUTES|HOURS|DAYS|LENGTH|ENABLED|REQUIRED|ALGORITHM|ISSUER|HEADER)$/i;

/** The shell's own: where it is, and where it was. */
const FOLDERS = /^(OLD)?PWD$/;
