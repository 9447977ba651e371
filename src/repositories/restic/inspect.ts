// restic's own check: that every snapshot's folders and chunks are there, and the packs that hold them. It reads no contents.
import { isAbsolute } from 'node:path';
import { Failure } from '../../domain/failure.js';
import { type ResticPlace, resticCheck } from '../../tools/restic.js';
import { saysLocked } from '../../tools/restic-failures.js';
import { exclusively } from './locks.js';
import { ask, isThere, type ResticSession, unlock } from './session.js';
import { isWritable } from './writable.js';

/** How long whoever else uses the repository may take. */
const WAIT_MS = 10_000;

/** A large one over a slow line. */
const WITHIN_MS = 6 * 3_600_000;

export const inspectRestic = async (
  session: ResticSession,
  signal: AbortSignal,
): Promise<string[] | null> => {
  if (!(await isThere(session))) return [];
  let found: string[] = [];
  const act = async (): Promise<void> => {
    found = await problemsIn(session, signal);
  };
  try {
    await unlock(session);
    return (await exclusively(session.settings.repository, { waitMs: WAIT_MS, act })) ? found : null;
  } catch (error) {
    if (saysLocked(error)) return null;
    throw error;
  }
};

/** Failure REPOSITORY_UNREACHABLE when somebody else has locked it. */
export const problemsIn = async (session: ResticSession, signal: AbortSignal): Promise<string[]> => {
  const locked = await isWritable(session.settings);
  const command = (place: ResticPlace) => resticCheck(place, { locked });
  try {
    await ask(session, command, AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]));
    return [];
  } catch (error) {
    const said = error instanceof Failure ? (error.evidence ?? '') : '';
    if (!FOUND_ERRORS.test(said)) throw error;
    return [`restic’s check finds it damaged: ${wordsOf(said)}; ${howTo(session)}`];
  }
};

/** Of what lies elsewhere only restic can remove something. */
const howTo = ({ settings }: ResticSession): string =>
  isAbsolute(settings.repository)
    ? 'verify --repair takes that out of it, and stores it again from a good copy'
    : 'restic’s manual says how it is repaired';

const FOUND_ERRORS = /repository contains errors|LoadIndex returned errors/;

/** The first thing that is wrong, and how many more there are. */
const wordsOf = (said: string): string => {
  const lines = said
    .split('\n')
    .map((line) => line.replace(/^(?:error: )+/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('Fatal:'));
  const [first = 'it does not say what', ...more] = lines;
  return more.length === 0 ? first : `${first}, and ${more.length} more`;
};
