// Summaries of manifests that were read before, in state/cache: manifests never change, so a file that was read once and has
// the size and the time it had need not be read again. Harmless to delete, to damage and to be written by two at once.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { RepositorySettings } from '../config/config.js';
import type { ObjectInfo } from '../repositories/repository.js';
import { type BackupSummary, summarySchema } from './summary.js';

/** By backup id. */
export type ManifestCache = ReadonlyMap<string, CachedManifest>;

export interface CachedManifest {
  /** Of the manifest's object: it is another one when they differ. */
  bytes: number;
  modifiedAt: number;
  /** The key that signed it; empty: nobody did. */
  signedBy: string;
  summary: BackupSummary;
}

const VERSION = 2;

const line = z.tuple([z.string(), z.number(), z.number(), z.string(), summarySchema]);

export interface CachePlace {
  /** The state folder. */
  state: string;
  repository: RepositorySettings;
  deployment: string;
}

/** Empty when there is none, or none that can be read. */
export const readCache = async (place: CachePlace): Promise<ManifestCache> => {
  const text = await readFile(cacheFile(place, 'manifests'), 'utf8').catch(() => '');
  try {
    const lines = z.array(line).parse(JSON.parse(text || '[]'));
    return new Map(
      lines.map(
        ([id, bytes, modifiedAt, signedBy, summary]) =>
          [id, { bytes, modifiedAt, signedBy, summary }] as const,
      ),
    );
  } catch {
    return new Map();
  }
};

export const isCached = (cached: CachedManifest | undefined, object: ObjectInfo): cached is CachedManifest =>
  cached !== undefined && cached.bytes === object.bytes && cached.modifiedAt === object.modifiedAt.getTime();

export const writeCache = (place: CachePlace, cache: ManifestCache): Promise<void> =>
  remember(
    cacheFile(place, 'manifests'),
    [...cache].map(([id, { bytes, modifiedAt, signedBy, summary }]) => [
      id,
      bytes,
      modifiedAt,
      signedBy,
      summary,
    ]),
  );

/** A list that cannot be remembered is a list all the same: whoever only looks may not own the state folder. */
export const remember = async (file: string, lines: readonly unknown[]): Promise<void> => {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(temporary, JSON.stringify(lines), { mode: 0o600 });
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
};

/** A repository that is moved elsewhere under its old name begins anew. */
export const cacheFile = (
  { state, repository, deployment }: CachePlace,
  kind: 'manifests' | 'log',
): string => {
  const identity = createHash('sha256')
    .update(JSON.stringify([VERSION, repository]))
    .digest('hex');
  return join(state, 'cache', kind, `${repository.name}-${identity.slice(0, 12)}`, `${deployment}.json`);
};
