// Notes what happened to a deployment's backups. Durable on this host when it returns; signed, chained and brought to the
// repositories at once where they answer, and every minute where they do not. What is noted never fails by it.
import { join } from 'node:path';
import { notedFolder } from '../../catalog/log-place.js';
import { Failure } from '../../domain/failure.js';
import type { LogEvent } from '../../domain/log-entry.js';
import type { Host } from '../context.js';
import { createJson } from '../state-folder.js';
import { readHead } from './log-head.js';

/** An operation's step waits so long for the repositories, and no longer. */
const PUSH_WITHIN_MS = 3_000;

/** The same kind and id again is the same event: it stays one entry. */
export const noteEvent = async (
  host: Pick<Host, 'state' | 'instance' | 'effect' | 'pushLog'>,
  event: LogEvent,
): Promise<void> => {
  try {
    await noteForSure(host, event);
    await pushNow(host, event.deployment);
  } catch (error) {
    if (!isMisfortune(error)) throw error;
  }
};

/** Goes on in the background when a repository takes longer. */
export const pushNow = ({ pushLog, effect }: Pick<Host, 'effect' | 'pushLog'>, deployment: string) =>
  atMost(PUSH_WITHIN_MS, pushLog?.(deployment, effect));

/** For what is nothing without its entry: fails where it cannot be kept. An agent signs and delivers it within a minute. */
export const noteForSure = async (
  { state, effect }: Pick<Host, 'state' | 'effect'>,
  event: LogEvent,
): Promise<void> => {
  const { deployment, kind, id } = event;
  const head = await readHead(state, deployment);
  if (head?.recent.includes(`${kind}-${id}`)) return;
  await effect(`note the ${kind}`, async () => {
    await createJson(join(notedFolder(state, deployment), `${kind}-${id}.json`), event);
  });
};

/** A full disk, a damaged file, a repository: not the end of the process, and not an attempt that was told to stop. */
const isMisfortune = (error: unknown): boolean =>
  error instanceof Failure || (error instanceof Error && 'code' in error);

const atMost = async (milliseconds: number, pushing: Promise<void> | undefined): Promise<void> => {
  if (pushing === undefined) return;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds);
    pushing.then(resolve, reject).finally(() => clearTimeout(timer));
  });
};
