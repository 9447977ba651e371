// Which snapshots lie in a restic repository. restic takes half a second for each answer. Where the repository is a folder of
// this host, the names in it say what there is, and a snapshot never changes: restic is asked only for those that are new here.
import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { type ResticLabels, resticList, resticListAll } from '../../tools/restic.js';
import { type ResticSnapshot, resticSnapshots } from '../../tools/restic-output.js';
import { memoryOf } from './memory.js';
import { ask, type ResticSession } from './session.js';

/** Those with our labels. @param deployment empty: of every one */
export const snapshotsOf = async (session: ResticSession, deployment: string): Promise<ResticSnapshot[]> => {
  const names = await namesIn(session);
  if (names === null)
    return resticSnapshots(
      await ask(session, (place) => resticList(place, { host: deployment, tags: ['holdfast'] })),
    );
  const { snapshots } = await memoryOf(session);
  if (!names.every((name) => snapshots.has(name)))
    for (const one of resticSnapshots(await ask(session, resticListAll))) snapshots.set(one.id, one);
  const there = new Set(names);
  for (const id of snapshots.keys()) if (!there.has(id)) snapshots.delete(id);
  return names
    .flatMap((name) => snapshots.get(name) ?? [])
    .filter(({ host, tags }) => tags.includes('holdfast') && (deployment === '' || host === deployment));
};

/** What was just stored is known, with all its labels. @param id or its beginning, as an old restic gives it */
export const learn = async (session: ResticSession, id: string, labels: ResticLabels): Promise<void> => {
  const found = (await namesIn(session))?.filter((name) => name.startsWith(id)) ?? [];
  const [name] = found;
  if (name === undefined || found.length > 1) return;
  const { snapshots } = await memoryOf(session);
  snapshots.set(name, { ...labels, id: name, original: name, time: new Date(), tags: [...labels.tags] });
};

/** null: only restic can tell. */
const namesIn = async ({ settings: { repository } }: ResticSession): Promise<string[] | null> => {
  if (!isAbsolute(repository)) return null;
  const names = await readdir(join(repository, 'snapshots')).catch(() => null);
  return names?.filter((name) => /^[0-9a-f]{64}$/.test(name)) ?? null;
};
