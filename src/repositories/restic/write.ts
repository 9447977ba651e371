// The bytes of a source into a restic repository: after that they are there, and are no object yet. They pass through programs
// alone. restic also saves what a producer wrote before it died: nothing counts until every program ended well.
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { Failure } from '../../domain/failure.js';
import type { Command } from '../../tools/command.js';
import { intakeStream, whereLarge } from '../../tools/intake.js';
import { runPipeline } from '../../tools/process.js';
import { resticStore } from '../../tools/restic.js';
import { resticSummary } from '../../tools/restic-output.js';
import { programsOf } from '../encoded-source.js';
import type { Digest } from '../hash.js';
import type { Source, StoreContext } from '../repository.js';
import { inRestic } from './failure.js';
import { heldIn, unneeded } from './held.js';
import { listening } from './listening.js';
import { shared } from './locks.js';
import { forgetIfFree, noteLeft } from './remove.js';
import { type ResticSession, unlock } from './session.js';
import { learn } from './snapshots.js';
import { storePieces, type Written } from './spool.js';
import type { StreamLabels } from './stream.js';
import { labelsOf } from './tags.js';

export interface Storing {
  key: string;
  source: Source;
}

export const write = async (
  session: ResticSession,
  { key, source }: Storing,
  context: StoreContext,
): Promise<Written & { digest: Digest }> => {
  const into: Written = { parts: [], added: 0, small: null };
  try {
    const digest = await shared(session.settings.repository, () =>
      storeSource(session, { key, source }, { context, into }),
    );
    requireCounted(key, into, digest);
    return { ...into, digest };
  } catch (error) {
    noteLeft(session);
    await clearUp(session, key).catch(() => undefined);
    throw error;
  }
};

/** What restic read is what the intake gave it, as each of them counted. */
const requireCounted = (key: string, { parts, small }: Written, { bytes }: Digest): void => {
  const counted = parts.reduce((sum, part) => sum + part.bytes, small?.length ?? 0);
  if (counted !== bytes)
    throw new Failure('CORRUPT_ARTIFACT', `restic stored ${counted} bytes of ${key} instead of ${bytes}`);
};

/**
 * restic that was told to stop may leave its lock, which would be in the way of whoever removes something, and may have taken
 * the end of its input for the end of the bytes.
 */
const clearUp = async (session: ResticSession, key: string): Promise<void> => {
  await unlock(session);
  const left = unneeded(await heldIn(session, key)).filter(({ keys }) => keys.includes(key));
  await forgetIfFree(
    session,
    left.map(({ id }) => id),
  );
};

interface Given {
  context: StoreContext;
  into: Written;
}

const storeSource = (
  session: ResticSession,
  { key, source }: Storing,
  { context, into }: Given,
): Promise<Digest> => {
  const tags = ['data', ...originTags(context)];
  const programs = programsOf(source);
  if (source.kind !== 'tree')
    return storePiped(session, { key, tags: [...tags, 'part=0'] }, { programs, context, into });
  const folder = join(dirname(source.index), `${source.name}.pieces`);
  return storePieces(session, { key, tags, folder }, { programs, context, into });
};

/** As one snapshot. */
const storePiped = async (
  session: ResticSession,
  { key, tags }: StreamLabels,
  { programs, context, into }: Given & { programs: readonly Command[] },
): Promise<Digest> => {
  const labels = labelsOf([key], tags);
  const place = await session.place();
  const { options, heard } = listening(context);
  let came = Buffer.alloc(0);
  await inRestic(session.settings, () =>
    runPipeline([...programs, intakeStream(), whereLarge(resticStore(place, key, labels))], {
      ...options,
      consume: async (stdout) => {
        came = await buffer(stdout);
      },
    }),
  );
  const { small, ...digest } = heard();
  if (small) into.small = came;
  else {
    const { id, bytes, added } = resticSummary(came.toString('utf8'));
    await learn(session, id, labels);
    into.parts.push({ id, bytes, form: 'stream' });
    into.added += added;
  }
  return digest;
};

/** Of whoever stores it. */
export const originTags = ({ storedBy }: StoreContext): string[] =>
  storedBy === undefined ? [] : [`instance=${storedBy.instance}`, `attempt=${storedBy.attempt}`];
