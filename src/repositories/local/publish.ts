// How a complete file gets its final name in a local repository: written under a name of the attempt's own, which does not
// count, then renamed or linked. What a killed attempt left is cleared away by the next one of the same object.
import { randomBytes } from 'node:crypto';
import { access, link, lstat, readdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import { syncFolder, writeDurably } from '../../tools/sync.js';

/** Hidden and in the same folder. @param mark 12 hexadecimal digits; without them, of this attempt alone */
export const temporaryName = (name: string, mark = randomBytes(6).toString('hex')): string =>
  `.${name}.${mark}.partial`;

/** Removes the unfinished files of an object: of dead attempts where only one at a time stores it, or once it is complete. */
export const clearUnfinished = async (folder: string, name: string, effect: Effect): Promise<void> => {
  const left = (await readdir(folder)).filter((entry) => isUnfinished(entry, name));
  if (left.length === 0) return;
  await effect(`remove unfinished files of ${name}`, async () => {
    for (const entry of left) await rm(join(folder, entry), { force: true });
  });
};

const isUnfinished = (entry: string, name: string): boolean =>
  entry.startsWith(`.${name}.`) && /^[0-9a-f]{12}\.partial$/.test(entry.slice(name.length + 2));

/** Gives a complete and synced file its name; one of that name from an earlier attempt is replaced. */
export const publishStored = (temporary: string, final: string, effect: Effect): Promise<void> =>
  effect(`publish ${basename(final)}`, async () => {
    await requireUncommitted(dirname(final));
    await rename(temporary, final);
    await syncFolder(dirname(final));
  });

/** A backup never changes. Failure OPERATION_LOST: whoever still stores into it is late. */
const requireUncommitted = async (folder: string): Promise<void> => {
  const committed = await access(join(folder, 'manifest.json')).then(
    () => true,
    () => false,
  );
  if (committed)
    throw new Failure('OPERATION_LOST', `${folder} holds a complete backup, which never changes`);
};

/** Writes a small file that is never overwritten: the same bytes again are success. Several may try at once. */
export const publishBytes = async (final: string, bytes: Buffer, effect: Effect): Promise<void> => {
  const temporary = join(dirname(final), temporaryName(basename(final)));
  await effect(`publish ${basename(final)}`, async () => {
    try {
      await writeDurably(temporary, bytes);
      if (!(await named(temporary, final)) && !(await readFile(final)).equals(bytes))
        throw alreadyThere(final);
      await syncFolder(dirname(final));
    } finally {
      await rm(temporary, { force: true });
    }
  });
  await clearUnfinished(dirname(final), basename(final), effect);
};

/** Links it to its name. false when the name is taken: by then, whoever took it may have cleared the other attempts' files away. */
export const named = async (temporary: string, final: string): Promise<boolean> => {
  try {
    await link(temporary, final);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    if (NO_LINKS.has(code)) return renamed(temporary, final);
    throw error;
  }
};

/** exFAT, some network shares: there the look and the rename are two steps, and the operation keeps others away. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

const renamed = async (temporary: string, final: string): Promise<boolean> => {
  const taken = await lstat(final).then(
    () => true,
    () => false,
  );
  if (!taken) await rename(temporary, final);
  return !taken;
};

const alreadyThere = (final: string): Failure =>
  new Failure('OPERATION_LOST', `${final} is there already, with other contents`, {
    hint: 'two agents write to one folder: give each deployment a name or a repository of its own',
  });
