// The dead man's switch: a process of its own that puts quiet services back after the longest pause that is allowed, whatever
// happened to the agent meanwhile.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { baseEnvironment } from '../config/environment.js';
import type { Effect } from '../domain/effect.js';
import { putBackAll } from '../services/service.js';
import { startDaemon } from '../tools/daemon.js';
import { type OperationRecord, readRecord } from './record.js';
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

/** dist/guard.js, seen from dist/operations as from src/operations. */
export const guardProgram = (): string => fileURLToPath(new URL('../../dist/guard.js', import.meta.url));

const LOOK_EVERY_MS = 500;

/** Returns once the services are back, by whomever. */
export const guard = async (guarded: Guarded, effect: Effect): Promise<void> => {
  const until = Date.now() + guarded.maxPauseMs;
  for (;;) {
    const record = await quietRecord(guarded);
    if (record === null) return;
    if (Date.now() >= until) await putBackAll(record.services?.units ?? [], effect).catch(() => undefined);
    await pause(Math.min(LOOK_EVERY_MS, Math.max(10, until - Date.now())));
  }
};

/** null: the operation is over, or has put them back. */
const quietRecord = async ({ state, deployment, operation }: Guarded): Promise<OperationRecord | null> => {
  const record = await readRecord(state, deployment);
  return record?.id === operation && record.services !== null && record.services.until === null
    ? record
    : null;
};
