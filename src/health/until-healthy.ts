// Looks until everything is healthy or the time is up: at once, then with growing pauses. What passes once and fails again
// is not healthy, so all checks must pass in the same round.
import { setTimeout as pause } from 'node:timers/promises';
import type { HealthCheck, HealthState } from './health-check.js';

export interface UntilHealthyOptions {
  /** After it there is one last look. Milliseconds; 0: look once. */
  withinMs: number;
  signal: AbortSignal;
  /** Hears every state that differs from that check's last one, as soon as it is seen. */
  onState: (state: HealthState) => void;
}

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/** The states of the last round, in the order of `checks`. Rejects with the signal's reason. */
export const untilHealthy = async (
  checks: readonly HealthCheck[],
  { withinMs, signal, onState }: UntilHealthyOptions,
): Promise<HealthState[]> => {
  const deadline = performance.now() + withinMs;
  const watched = checks.map((check) => reportingChanges(check, onState));
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const startedAt = performance.now();
    const states = await Promise.all(watched.map(({ check }) => check(signal)));
    if (states.every(({ ok }) => ok) || startedAt >= deadline) return states;
    await wait(Math.min(pauseMs, untilAfter(deadline)), signal);
  }
};

const reportingChanges = (
  { label, check }: HealthCheck,
  onState: (state: HealthState) => void,
): HealthCheck => {
  let last = '';
  return {
    label,
    check: async (signal) => {
      const state = await check(signal);
      const now = `${state.ok} ${state.words}`;
      if (now !== last) onState(state);
      last = now;
      return state;
    },
  };
};

/** Milliseconds. Timers know whole ones, and may end one too early: that would be one more look before the last. */
const untilAfter = (deadline: number): number => Math.max(0, Math.ceil(deadline - performance.now()) + 1);

const wait = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
};
