// What is in packs, as the indexes of a restic repository in a folder of this host say it.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { resticIndex } from '../../tools/restic.js';
import { type ResticPack, resticPacks } from '../../tools/restic-output.js';
import { ask, type ResticSession } from './session.js';

/**
 * Of these; one that no index names is not among them. Each chunk once: while a new index is made, two name it, and a kill
 * leaves both.
 */
export const packsOf = async (
  session: ResticSession,
  ids: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Map<string, ResticPack>> => {
  const found = new Map<string, ResticPack>();
  for (const name of await readdir(join(session.settings.repository, 'index'))) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const packs = resticPacks(await ask(session, (place) => resticIndex(place, name), signal));
    for (const { id, blobs, ...pack } of packs) {
      if (!ids.has(id)) continue;
      const before = found.get(id)?.blobs ?? [];
      const named = new Set(before.map(({ offset }) => offset));
      found.set(id, { ...pack, id, blobs: [...before, ...blobs.filter(({ offset }) => !named.has(offset))] });
    }
  }
  return found;
};
