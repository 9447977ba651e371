// `up --once` serves one command: it ends when that command is gone and none of its runs is open any more.

import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../config/config.js';
import { taskQueue } from '../domain/queues.js';
import { connectTemporal } from './client.js';
import { countOpenRuns } from './pollers.js';

/** A run that was started a moment ago is counted late, and a second command may be about to start one. */
const QUIET_MS = 1500;
const LOOK_EVERY_MS = 300;

/**
 * @param stdin held open by the command
 * @param over nobody wants to know any more
 */
export const waitUntilNotNeeded = async (
  config: Pick<Config, 'agent' | 'state' | 'temporal'>,
  stdin: Readable,
  over: AbortSignal,
): Promise<void> => {
  await ended(stdin);
  let quietSince = Date.now();
  while (!over.aborted && Date.now() - quietSince < QUIET_MS) {
    await delay(LOOK_EVERY_MS);
    if (await hasOpenRuns(config)) quietSince = Date.now();
  }
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
