// An agent is idle nearly always. What its start and its work have left in the heap stays there until somebody needs the room,
// which nobody does: collected, it is 20 to 30 MB that the host has for the application.
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const FIRST_MS = 10_000;
const EVERY_MS = 60_000;

/** V8 drops compiled code that nothing has run for some collections: what only the start needs is most of it. */
const COLLECTIONS_AFTER_START = 6;

/** Until `stop` is aborted. A collection takes less than a tenth of a second, and there is none while something is at work. */
export const giveBackMemory = async (isIdle: () => Promise<boolean>, stop: AbortSignal): Promise<void> => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  let [waitMs, collections] = [FIRST_MS, COLLECTIONS_AFTER_START];
  while (!stop.aborted) {
    await delay(waitMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
    waitMs = EVERY_MS;
    if (stop.aborted || !(await isIdle().catch(() => false))) continue;
    for (let times = 0; times < collections; times++) collect();
    collections = 1;
  }
};
