// Summaries of manifests that were read before, in state/cache: manifests never change, so a file that was read once and has
// the size and the time it had need not be read again. Harmless to delete, to damage and to be written by two at once.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RepositorySettings } from '../config/config.js';
import type { ObjectInfo } from '../repositories/repository.js';
import type { BackupSummary } from './summary.js';

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

/** Another one with each change of what lines look like. */
export const VERSION = 3;

export type Line = [id: string, bytes: number, modifiedAt: number, signedBy: string, summary: BackupSummary];

export interface CachePlace {
  /** The state folder. */
  state: string;
  repository: RepositorySettings;
  deployment: string;
}

/** Empty when there is none, or none that can be read. */
export const readCache = async (place: CachePlace): Promise<ManifestCache> =>
  entriesOf(await recall<Line>(cacheFile(place, 'manifests')));

export const entriesOf = (lines: readonly Line[]): ManifestCache =>
  new Map(
    lines.map(
      ([id, bytes, modifiedAt, signedBy, summary]) => [id, { bytes, modifiedAt, signedBy, summary }] as const,
    ),
  );

export const isCached = (cached: CachedManifest | undefined, object: ObjectInfo): cached is CachedManifest =>
  cached !== undefined && cached.bytes === object.bytes && cached.modifiedAt === object.modifiedAt.getTime();

export const writeCache = (place: CachePlace, cache: ManifestCache): Promise<void> =>
  remember<Line>(cacheFile(place, 'manifests'), linesOf(cache));

export const linesOf = (cache: ManifestCache): Line[] =>
  [...cache].map(([id, { bytes, modifiedAt, signedBy, summary }]) => [
    id,
    bytes,
    modifiedAt,
    signedBy,
    summary,
  ]);

/** A list that cannot be remembered is a list all the same: whoever only looks may not own the state folder. */
export const remember = async <Line>(file: string, lines: readonly Line[]): Promise<void> => {
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  const text = JSON.stringify(lines);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(temporary, `${hashOf(text)}\n${text}`, { mode: 0o600 });
    await rename(temporary, file);
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
  }
};

/**
 * The lines that `remember` wrote, all of them or none: what has the hash is what this version wrote, and looking at each line of
 * thousands would take longer than reading them.
 */
export const recall = async <Line>(file: string): Promise<Line[]> => {
  const stored = await readFile(file, 'utf8').catch(() => '');
  const end = stored.indexOf('\n');
  const text = stored.slice(end + 1);
  return end > 0 && stored.slice(0, end) === hashOf(text) ? JSON.parse(text) : [];
};

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

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
