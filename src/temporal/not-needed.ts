// `up --once` serves one command, and those that come while it does: it ends when all are gone and no run is open any more.

import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import { taskQueue } from '../domain/queues.js';
import type { Callers } from '../operations/agent/lock-callers.js';
import { connectTemporal } from './client.js';
import { countOpenRuns } from './pollers.js';

/** A run that was started a moment ago is counted late, and a second command may be about to start one. */
const QUIET_MS = 1500;
const LOOK_EVERY_MS = 300;

export interface Needs {
  /** Held open by the command that started it. */
  stdin: Readable;
  /** Other commands, that found it running. They are answered no more when this returns. */
  callers: Pick<Callers, 'lastAt' | 'hangUp'>;
  /** Nobody wants to know any more. */
  over: AbortSignal;
}

export const waitUntilNotNeeded = async (
  config: Pick<Config, 'agent' | 'state' | 'temporal'>,
  { stdin, callers, over }: Needs,
): Promise<void> => {
  await ended(stdin);
  let quietSince = Date.now();
  while (!over.aborted && Date.now() - quietSince < QUIET_MS) {
    await delay(LOOK_EVERY_MS);
    if (await hasOpenRuns(config)) quietSince = Date.now();
    quietSince = Math.max(quietSince, callers.lastAt());
  }
  callers.hangUp();
};

const ended = (stdin: Readable): Promise<void> =>
  new Promise((resolve) => {
    for (const event of ['end', 'close', 'error']) stdin.once(event, () => resolve());
    if (stdin.readableEnded || stdin.destroyed) resolve();
    stdin.resume();
  });

/** A server that does not answer just now may have some. */
const hasOpenRuns = async (config: Pick<Config, 'agent' | 'state' | 'temporal'>): Promise<boolean> => {
  try {
    const temporal = await connectTemporal(config);
    try {
      return (await countOpenRuns(temporal.client, taskQueue(config.agent))) > 0;
    } finally {
      await temporal.close();
    }
  } catch {
    return true;
  }
};
