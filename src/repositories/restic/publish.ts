// How what is stored in a restic repository becomes an object: by a last, small snapshot that says what it consists of.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../domain/failure.js';
import { withTemporaryFolder } from '../../tools/own-folder.js';
import { resticStoreWithin } from '../../tools/restic.js';
import { type ResticSummary, resticSummary } from '../../tools/restic-output.js';
import type { Digest } from '../hash.js';
import type { Held } from './held.js';
import { shared } from './locks.js';
import { ask, type ResticSession } from './session.js';
import { learn } from './snapshots.js';
import { artifactTags, labelsOf, type Part } from './tags.js';

/** The part count stands for the bytes: they are there already. */
export const publishParts = (
  session: ResticSession,
  key: string,
  { tags = [], ...object }: Digest & { parts: Part[]; tags?: readonly string[] },
): Promise<ResticSummary> =>
  storeFiles(session, {
    keys: [key],
    files: [artifactFile(key, object)],
    tags: [...artifactTags(object), ...tags],
  });

export const artifactFile = (
  key: string,
  object: Digest & { parts: readonly Part[] },
): SmallFiles['files'][number] => ({
  path: `${key}.json`,
  bytes: Buffer.from(`${JSON.stringify({ key, ...object }, null, 2)}\n`),
});

export interface SmallFiles {
  /** What the snapshot is stored for. */
  keys: readonly string[];
  /** What is in it: their paths there. */
  files: readonly { path: string; bytes: Buffer }[];
  tags: readonly string[];
}

/** One snapshot. From files, so that it holds all of their bytes even if this process dies. */
export const storeFiles = async (
  session: ResticSession,
  { keys, files, tags }: SmallFiles,
): Promise<ResticSummary> => {
  return withTemporaryFolder('holdfast-restic', async (folder) => {
    for (const { path, bytes } of files) {
      await mkdir(join(folder, dirname(path)), { recursive: true, mode: 0o700 });
      await writeFile(join(folder, path), bytes, { mode: 0o600 });
    }
    const labels = labelsOf(keys, tags);
    const answer = await shared(session.settings.repository, () =>
      ask(session, (place) => resticStoreWithin(place, folder, labels)),
    );
    const summary = resticSummary(answer);
    await learn(session, summary.id, labels);
    return summary;
  });
};

/** A backup never changes. Failure OPERATION_LOST: whoever still stores into it is late. */
export const requireUncommitted = (held: Held, folder: string): void => {
  if (!held.objects.has(`${folder}/manifest.json`)) return;
  throw new Failure('OPERATION_LOST', `${folder} holds a complete backup, which never changes`);
};
