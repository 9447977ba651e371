// How what is stored in a restic repository becomes an object: by a last, small snapshot that says what it consists of.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../domain/failure.js';
import { resticStoreFile } from '../../tools/restic.js';
import { resticSummary } from '../../tools/restic-output.js';
import type { Digest } from '../hash.js';
import { type Held, labelsOf, objectTags, type Part } from './held.js';
import { shared } from './locks.js';
import { ask, type ResticSession } from './session.js';

/** The part count stands for the bytes: they are there already. */
export const publishParts = async (
  session: ResticSession,
  key: string,
  object: Digest & { parts: Part[] },
): Promise<string> =>
  storeBytes(session, {
    key,
    path: `${key}.json`,
    bytes: Buffer.from(`${JSON.stringify({ key, ...object }, null, 2)}\n`),
    tags: objectTags(object),
  });

export interface SmallBytes {
  key: string;
  /** Of the file in the snapshot. */
  path: string;
  bytes: Buffer;
  tags: readonly string[];
}

/** The new snapshot’s id. From a file, so that it holds all of the bytes even if this process dies. */
export const storeBytes = async (
  session: ResticSession,
  { key, path, bytes, tags }: SmallBytes,
): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-restic-'));
  try {
    const file = join(folder, 'object');
    await writeFile(file, bytes, { mode: 0o600 });
    const labels = labelsOf(key, tags);
    const answer = await shared(session.settings.repository, () =>
      ask(session, (place) => resticStoreFile(place, { file, path, labels })),
    );
    return resticSummary(answer).id;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** A backup never changes. Failure OPERATION_LOST: whoever still stores into it is late. */
export const requireUncommitted = (held: Held, folder: string): void => {
  if (!held.objects.has(`${folder}/manifest.json`)) return;
  throw new Failure('OPERATION_LOST', `${folder} holds a complete backup, which never changes`);
};
