// An agent is idle nearly always. What its start and its work have left in the heap stays there until somebody needs the room,
// which nobody does: collected, it is 20 to 30 MB that the host has for the application.
import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const FIRST_MS = 10_000;
const EVERY_MS = 60_000;

/** Until `stop` is aborted. It takes a tenth of a second, and none while something is at work. */
export const giveBackMemory = async (isIdle: () => Promise<boolean>, stop: AbortSignal): Promise<void> => {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  for (let waitMs = FIRST_MS; !stop.aborted; waitMs = EVERY_MS) {
    await delay(waitMs, undefined, { signal: stop, ref: false }).catch(() => undefined);
    if (!stop.aborted && (await isIdle().catch(() => false))) collect();
  }
};
