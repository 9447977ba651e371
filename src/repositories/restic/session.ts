// A restic repository as this process uses it: its secrets resolved at the last moment, stale locks removed once, and made
// by whoever first stores something in it.
import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { dirname, isAbsolute } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { ResticSettings } from '../../config/schema-restic.js';
import { resolveSecret } from '../../config/secrets.js';
import type { Effect } from '../../domain/effect.js';
import { Failure } from '../../domain/failure.js';
import type { Command } from '../../tools/command.js';
import { NOT_REGISTERED, runPipeline, runProgram } from '../../tools/process.js';
import { type ResticPlace, resticInit, resticUnlock } from '../../tools/restic.js';
import { saysNoRepository } from '../../tools/restic-failures.js';
import { inRestic } from './failure.js';
import { requireWritable } from './writable.js';

export interface ResticSession {
  settings: ResticSettings;
  place: () => Promise<ResticPlace>;
}

export const resticSession = (settings: ResticSettings): ResticSession => {
  let resolved: Promise<ResticPlace> | undefined;
  const place = (): Promise<ResticPlace> => {
    resolved ??= resolvePlace(settings);
    resolved.catch(() => {
      resolved = undefined;
    });
    return resolved;
  };
  return { settings, place };
};

const resolvePlace = async ({ name, repository, password, environment }: ResticSettings) => {
  const path = `repositories.${name}`;
  const run = async (program: string, args: string[]): Promise<string> =>
    (await runProgram({ program, args })).stdout;
  const env: Record<string, string> = {
    RESTIC_PASSWORD: await resolveSecret(password, { path: `${path}.password`, run }),
  };
  for (const [variable, reference] of Object.entries(environment))
    env[variable] = await resolveSecret(reference, { path: `${path}.environment.${variable}`, run });
  return { repository, env, local: isAbsolute(repository) };
};

/** A listing of a hundred thousand snapshots over a slow line. */
const ANSWER_WITHIN_MS = 30 * 60_000;

/** What one restic command prints. */
export const ask = async (
  session: ResticSession,
  command: (place: ResticPlace) => Command,
  signal?: AbortSignal,
): Promise<string> => (await askBytes(session, command, signal)).toString('utf8');

export const askBytes = (
  { settings, place }: ResticSession,
  command: (place: ResticPlace) => Command,
  signal = AbortSignal.timeout(ANSWER_WITHIN_MS),
): Promise<Buffer> =>
  inRestic(settings, async () => {
    let answer = Buffer.alloc(0);
    await runPipeline([command(await place())], {
      signal,
      processes: NOT_REGISTERED,
      stallTimeoutMs: 0,
      consume: async (stdout) => {
        answer = await buffer(stdout);
      },
    });
    return answer;
  });

/** Repositories that this process has opened. */
const opened = new Set<string>();

/** false: there is none yet. The first time, locks that a killed agent left are removed. */
export const isThere = async (session: ResticSession): Promise<boolean> => {
  const { repository } = session.settings;
  if (opened.has(repository)) return true;
  try {
    await unlock(session);
  } catch (error) {
    if (saysNoRepository(error)) return false;
    throw error;
  }
  opened.add(repository);
  return true;
};

export const unlock = (session: ResticSession): Promise<string> => ask(session, resticUnlock);

/** Creates it where nothing is: its folder too, but not the one above, which may be a disk that is not mounted. */
export const makeIfMissing = async (session: ResticSession, effect: Effect): Promise<void> => {
  if (await isThere(session)) return requireWritable(session.settings);
  await requirePlace(session.settings);
  await effect('create the restic repository', () => createOnce(session));
  opened.add(session.settings.repository);
};

const creating = new Map<string, Promise<unknown>>();

/** Dump and archive begin at the same moment. */
const createOnce = async (session: ResticSession): Promise<void> => {
  const { repository } = session.settings;
  const running = creating.get(repository) ?? create(session).finally(() => creating.delete(repository));
  creating.set(repository, running);
  await running;
};

const create = async (session: ResticSession): Promise<void> => {
  opened.delete(session.settings.repository);
  if (!(await isThere(session))) await ask(session, resticInit);
};

/** @throws Failure REPOSITORY_UNREACHABLE where a new repository would be wrong */
export const requirePlace = async ({ name, repository }: ResticSettings): Promise<void> => {
  if (!isAbsolute(repository)) return;
  const refuse = (why: string): Failure =>
    new Failure('REPOSITORY_UNREACHABLE', `repository ${name} at ${repository}: ${why}`, {
      retryable: false,
    });
  const above = dirname(repository);
  if ((await stat(above).catch(() => null)) === null)
    throw refuse(`the folder that should hold it, ${above}, is missing`);
  const names = await readdir(repository).catch(() => null);
  if (names !== null && names.length > 0)
    throw refuse('the folder holds other things than a restic repository');
  await access(names === null ? above : repository, constants.W_OK).catch(() => {
    throw refuse('it cannot be written');
  });
};
