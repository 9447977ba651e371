// What every operation needs of its host: where state lies, who it is, how effects run.
import type { DatabaseTarget } from '../config/targets.js';
import type { Effect } from '../domain/effect.js';
import type { Happening } from '../domain/events.js';
import type { Fence } from './agent/fence.js';
import { locateDatabase } from './locate.js';
import type { OperationRecord } from './record.js';

export interface Host {
  state: string;
  instance: string;
  effect: Effect;
  fence: Fence;
  /** Without it, what is noted waits for an agent that has one. */
  pushLog?: PushLog;
  /** Without it, nobody is told. */
  tell?: Tell;
}

/** Tells whoever is to be told. Never rejects, and waits for nobody. The same id again is told once. */
export type Tell = (happening: Happening) => Promise<void>;

/** Signs what was noted of a deployment and delivers it, as far as its repositories answer. */
export type PushLog = (deployment: string, effect: Effect) => Promise<void>;

/** All sessions of an operation carry it, so that they can be ended by it. At most 63 bytes. */
export const applicationName = (host: Pick<Host, 'instance'>, operation: string): string =>
  `holdfast:${host.instance}:${operation}`;

/** The comment on a side database: a sweep drops only what carries its own. */
export const sideComment = (
  host: Pick<Host, 'instance'>,
  operation: string,
  role: 'new' | 'previous',
): string => `${applicationName(host, operation)}:${role}`;

/** The databases as they were pinned when the operation began, with secrets resolved and containers found now. */
export const recordedTargets = (record: Pick<OperationRecord, 'settings'>): Promise<DatabaseTarget[]> =>
  Promise.all(record.settings.deployment.databases.map(locateDatabase));

/** Effects of an attempt that was told to stop do not happen any more. */
export const untilAborted =
  (effect: Effect, signal: AbortSignal): Effect =>
  (name, act) => {
    signal.throwIfAborted();
    return effect(name, act);
  };
