// Sealed secrets on a new machine: a private file for each, in a private folder, and the references that lead there.
import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../domain/failure.js';
import { makeFolders } from '../../tools/sync.js';
import { writePrivateFile } from '../private-file.js';

/** Beside holdfast.yaml. */
export const secretsFolder = (configFile: string): string => join(dirname(configFile), 'holdfast-secrets');

/** What stands in holdfast.yaml instead of each reference. */
export const referencesHere = (
  secrets: Readonly<Record<string, string>>,
  folder: string,
): Map<string, string> =>
  new Map(Object.keys(secrets).map((reference) => [reference, `file:${join(folder, nameOf(reference))}`]));

/** Those that are there already, and say the same, stay. */
export const writeSecrets = async (
  secrets: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> => {
  if (Object.keys(secrets).length === 0) return;
  await makeFolders(folder);
  await requirePrivate(folder);
  for (const [reference, secret] of Object.entries(secrets)) {
    const file = join(folder, nameOf(reference));
    if ((await readFile(file, 'utf8').catch(() => null)) !== `${secret}\n`)
      await writePrivateFile(file, `${secret}\n`);
  }
};

/** `env:DB_PASSWORD` is `env-db-password-1f3a99c0`. */
const nameOf = (reference: string): string => {
  const words = reference.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  const hash = createHash('sha256').update(reference).digest('hex').slice(0, 8);
  return `${words.slice(0, 60).replace(/-$/, '')}-${hash}`;
};

const requirePrivate = async (folder: string): Promise<void> => {
  const stats = await lstat(folder);
  if (stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & 0o077) === 0) return;
  throw new Failure('INPUT_INVALID', `${folder} is not a folder of your own that nobody else can read`, {
    hint: 'move it away, or name another holdfast.yaml with --config FILE',
  });
};
