// The dead man's switch: a process of its own that puts quiet services back after the longest pause that is allowed, whatever
// happened to the agent meanwhile.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { baseEnvironment } from '../config/environment.js';
import type { Effect } from '../domain/effect.js';
import { putBackAll } from '../services/service.js';
import { startDaemon } from '../tools/daemon.js';
import { listOperations, readRecord } from './record.js';
import type { RecordedServices } from './recorded-services.js';
import { scratchFolder } from './state-folder.js';

export interface Guarded {
  /** The state folder. */
  state: string;
  deployment: string;
  operation: string;
  maxPauseMs: number;
}

/** Outlives this process. Ends by itself once the services are back. */
export const startGuard = async (guarded: Guarded): Promise<void> => {
  await startDaemon({
    program: process.execPath,
    args: [guardProgram(), JSON.stringify(guarded)],
    env: baseEnvironment(),
    log: join(scratchFolder(guarded.state, guarded.operation), 'guard.log'),
    life: 'own',
  });
};

/**
 * For what an earlier agent made quiet: in a container, or when the host went down, its guard died with it. A second one
 * does no harm. A record that cannot be read is told by whoever settles it.
 */
export const guardAgain = async (state: string): Promise<void> => {
  for (const deployment of await listOperations(state)) {
    const record = await readRecord(state, deployment).catch(() => null);
    if (record?.kind !== 'backup' || record.services === null || record.services.until !== null) continue;
    const { maxPauseMs } = record.settings.deployment;
    await startGuard({ state, deployment, operation: record.id, maxPauseMs });
  }
};

/** dist/guard.js, seen from dist/operations as from src/operations. */
export const guardProgram = (): string => fileURLToPath(new URL('../../dist/guard.js', import.meta.url));

const LOOK_EVERY_MS = 500;
const LONGEST_WAIT_MS = 30_000;

/**
 * Returns once the services are back, by whomever. Until then it puts them back again and again: an agent that stopped one
 * too late may have died since.
 */
export const guard = async (guarded: Guarded, effect: Effect): Promise<void> => {
  const stillQuiet: Effect = async (name, act) => {
    if ((await quietServices(guarded)) === null)
      throw new Error('they are back, or another operation has them');
    return effect(name, act);
  };
  let waitMs = LOOK_EVERY_MS;
  let next = 0;
  let known: RecordedServices | null = null;
  for (;;) {
    known = await quietServices(guarded).catch(() => known);
    if (known === null) return;
    const due = Math.max(next, Date.parse(known.since) + guarded.maxPauseMs);
    if (Date.now() >= due) {
      await putBackAll(known.units, stillQuiet).catch(() => undefined);
      next = Date.now() + waitMs;
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    await pause(Math.min(LOOK_EVERY_MS, Math.max(10, Math.max(due, next) - Date.now())));
  }
};

/** null: the operation is over, or has put them back. */
const quietServices = async ({ state, deployment, operation }: Guarded): Promise<RecordedServices | null> => {
  const record = await readRecord(state, deployment);
  if (record?.id !== operation || record.services === null || record.services.until !== null) return null;
  return record.services;
};
