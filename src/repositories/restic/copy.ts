// From one restic repository to another by restic's own copy: only chunks that are not there are read and sent, and what a
// killed attempt sent is found again. restic checks every chunk against its SHA-256 as it reads it; that they are all there
// is what their sizes say, and the artifact's own size and SHA-256 are those that were announced.
import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { type ResticPlace, resticAdopt, resticContents, resticCopy } from '../../tools/restic.js';
import { saysLocked } from '../../tools/restic-failures.js';
import { resticFileBytes } from '../../tools/restic-output.js';
import { requireAnnounced, requireNoOther } from '../received.js';
import type { ReceiveContext, StoredBytes } from '../repository.js';
import { about, notWhole } from './copy-failure.js';
import { runCopy } from './copy-run.js';
import { type Held, type HeldObject, heldIn } from './held.js';
import { writeJournal } from './journal.js';
import { exclusively } from './locks.js';
import { shareEnvironment } from './pair.js';
import { publishReceived } from './publish-received.js';
import { alone, forgetIfFree } from './remove.js';
import { ask, makeIfMissing, type ResticSession } from './session.js';
import type { Part } from './tags.js';

interface Copying {
  key: string;
  stored: Pick<StoredBytes, 'bytes' | 'sha256'>;
  source: ResticSession;
}

/** false: they cannot be used at once, or the source lacks the artifact, or its bytes lie in the snapshot of other objects. */
export const resticReceiveFrom = async (
  session: ResticSession,
  { key, stored, source }: Copying,
  context: ReceiveContext,
): Promise<boolean> => {
  if (!shareEnvironment(await source.place(), await session.place())) return false;
  const there = await heldIn(source, key);
  const object = there.objects.get(key);
  if (object === undefined || object.parts === null || liesAmongOthers(object, there)) return false;
  requireAnnounced(`${key} in repository ${source.settings.name}`, stored, object);
  await makeIfMissing(session, context.effect);
  const held = await heldIn(session, key);
  const already = held.objects.get(key);
  if (already !== undefined) requireNoOther(key, stored, already);
  else await copy(session, { key, source, object, parts: object.parts, there, held }, context);
  return true;
};

/** Copied, that snapshot would make all of them objects there, before they are whole. */
const liesAmongOthers = ({ id, key, parts }: HeldObject, { objects }: Held): boolean =>
  parts?.some((part) => part.id === id) === true &&
  [...objects.values()].some((one) => one.id === id && one.key !== key);

interface Wanted {
  key: string;
  source: ResticSession;
  object: HeldObject;
  parts: readonly Part[];
  /** What lies in the source, and in the target before. */
  there: Held;
  held: Held;
}

const copy = async (session: ResticSession, wanted: Wanted, context: ReceiveContext): Promise<void> => {
  const { key, object, held } = wanted;
  const name = basename(key);
  const parts = await context.effect(`receive ${name}`, () => send(session, wanted, context));
  await publishReceived(session, { key, held, parts, digest: object }, context);
  context.onProgress?.(object.bytes);
};

/** Gives the parts as they are called in the target. */
const send = async (session: ResticSession, wanted: Wanted, context: ReceiveContext): Promise<Part[]> => {
  const { key, source, object, held } = wanted;
  const missing = wanted.parts.filter((part) => copyOf(part, wanted, held) === null);
  if (missing.length > 0) {
    if (await exists(context.journal)) await adopt(session);
    await writeJournal(context.journal, object, []);
    const ids = missing.map(({ id }) => id);
    const [from, to] = [await unhurriedPlace(source), await unhurriedPlace(session)];
    await about(wanted, session, () =>
      runCopy(resticCopy(to, from, ids), {
        ...context,
        bytes: object.bytes,
        between: [source, session],
      }),
    );
  }
  const now = missing.length === 0 ? held : await heldIn(session, key);
  const found = wanted.parts.map((part) => copyOf(part, wanted, now));
  const parts = found.flatMap((part) => (part === null ? [] : [part]));
  if (parts.length < found.length) throw notWhole(wanted, session, 'a part of it did not come');
  await requireSizes(session, wanted, parts);
  return parts;
};

/** No faster than the repository allows to copies. */
const unhurriedPlace = async ({ settings: { bandwidth }, place }: ResticSession): Promise<ResticPlace> => ({
  ...(await place()),
  ...(bandwidth === undefined ? {} : { bandwidth }),
});

/** A copied snapshot says which one it was. */
const copyOf = (part: Part, { key, there }: Wanted, held: Held): Part | null => {
  const from = there.snapshots.find(({ id }) => id.startsWith(part.id));
  const to = held.snapshots.find(
    (one) => one.keys.includes(key) && (one.original === from?.original || one.id === from?.original),
  );
  return to === undefined ? null : { ...part, id: to.id };
};

const requireSizes = async (
  session: ResticSession,
  wanted: Wanted,
  parts: readonly Part[],
): Promise<void> => {
  for (const { id, bytes } of parts) {
    const got = resticFileBytes(await ask(session, (place) => resticContents(place, id)));
    if (got === bytes) continue;
    await forgetIfFree(
      session,
      parts.map((part) => part.id),
    );
    throw notWhole(wanted, session, `a part of it has ${got} bytes instead of ${bytes}`);
  }
};

/** Whoever uses the repository keeps this from being done: then it is sent again. */
const adopt = async (session: ResticSession): Promise<void> => {
  const act = () => alone(session, resticAdopt);
  try {
    await exclusively(session.settings.repository, { waitMs: 0, act });
  } catch (error) {
    if (!saysLocked(error)) throw error;
  }
};

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
