// Frees what removed objects took, where that is work of its own: at most once a week for a repository, only where something
// was removed, and while nothing of this agent needs the repository. What begins meanwhile waits until it is done.
import { join } from 'node:path';
import { z } from 'zod';
import type { Config, RepositorySettings } from '../../config/config.js';
import { asFailure } from '../../domain/failure.js';
import { openRepository } from '../../repositories/open-repository.js';
import type { Repository } from '../../repositories/repository.js';
import type { Host } from '../context.js';
import { readLeases } from '../copies/copy-lease.js';
import { listOperations } from '../record.js';
import { readJson, replaceJson } from '../state-folder.js';

const WEEK_MS = 7 * 24 * 3_600_000;
/** After a failure: a repository that is down is not asked every minute. */
const DAY_MS = 24 * 3_600_000;

const noteSchema = z.looseObject({
  version: z.literal(1),
  /** Something was removed since. */
  removed: z.boolean(),
  notBefore: z.iso.datetime(),
});
type Note = z.infer<typeof noteSchema>;

export interface ReclaimOptions {
  config: Config;
  say: (line: string) => void;
  now: () => Date;
}

type ReclaimHost = Pick<Host, 'state' | 'effect'>;

export const reclaimRepositories = async (host: ReclaimHost, options: ReclaimOptions): Promise<void> => {
  for (const settings of Object.values(options.config.repositories)) {
    const repository = openRepository(settings);
    const note = await noteOf(host, repository);
    if (note === null || !note.removed || note.notBefore > options.now().toISOString()) continue;
    if (await isNeeded(settings, host, options.config)) continue;
    await reclaimNow(repository, host, options);
  }
};

const fileOf = ({ state }: ReclaimHost, { name }: Repository): string =>
  join(state, 'removed', `${name}.json`);

/** null: nothing was ever removed from it. What was since the last time is noted first: nobody else remembers it. */
const noteOf = async (host: ReclaimHost, repository: Repository): Promise<Note | null> => {
  if (repository.reclaim === undefined) return null;
  const file = fileOf(host, repository);
  const note = noteSchema.safeParse(await readJson(file).catch(() => null)).data ?? null;
  if (repository.takeRemoved?.() !== true || note?.removed === true) return note;
  const removed = { version: 1 as const, removed: true, notBefore: note?.notBefore ?? EVER };
  await replaceJson(file, removed);
  return removed;
};

const EVER = new Date(0).toISOString();

/** Operations are few and short beside a week. */
const isNeeded = async (
  { name }: RepositorySettings,
  { state }: ReclaimHost,
  config: Config,
): Promise<boolean> => {
  if ((await listOperations(state)).length > 0) return true;
  for (const deployment of Object.keys(config.deployments)) {
    const leases = await readLeases(state, deployment);
    if (leases.some(({ from, to }) => to === name || from.includes(name))) return true;
  }
  return false;
};

const reclaimNow = async (
  repository: Repository,
  host: ReclaimHost,
  { say, now }: ReclaimOptions,
): Promise<void> => {
  const note = (removed: boolean, waitMs: number): Promise<void> => {
    const notBefore = new Date(now().getTime() + waitMs).toISOString();
    return replaceJson(fileOf(host, repository), { version: 1, removed, notBefore } satisfies Note);
  };
  try {
    if ((await repository.reclaim?.(host.effect)) !== true) return;
    await note(false, WEEK_MS);
    say(`repository ${repository.name}: what was removed from it is freed`);
  } catch (error) {
    await note(true, DAY_MS);
    const { message, hint } = asFailure(error);
    say(`repository ${repository.name}: nothing freed, tried again in a day: ${message} (${hint})`);
  }
};
