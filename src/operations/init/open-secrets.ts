// A password that stands in this folder's `.env` and that everybody on this host can read. Said only: who else needs the file is
// not known here.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvFile } from './env-file.js';

/** A sentence that quotes no value; null: there is none, or it is private. */
export const openSecrets = async (folder: string): Promise<string | null> => {
  const file = join(folder, '.env');
  const names = Object.entries((await readEnvFile(file)) ?? {}).flatMap(([name, value]) =>
    isSecret(name, value) ? [name] : [],
  );
  const [first] = names.sort();
  if (first === undefined || ((await stat(file)).mode & OTHERS_READ) === 0) return null;
  const more = names.length === 1 ? '' : ` and ${names.length - 1} more`;
  return `everybody on this host can read ${file}, where ${first}${more} stands: chmod 600 .env`;
};

const OTHERS_READ = 0o004;

/** The name of a file that holds one is none. */
const isSecret = (name: string, value: string): boolean =>
  (/PASS(WORD|WD|PHRASE)?$|PWD$|SECRET|TOKEN|API_?KEY/i.test(name) &&
    !/_(FILE|PATH)$/i.test(name) &&
    value !== '') ||
  /^[a-z0-9+_]+:\/\/[^/@\s]*:[^@/\s]+@/i.test(value);
