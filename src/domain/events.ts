// What somebody may want to hear of.
import type { RunKind } from './progress.js';

export const EVENT_KINDS = [
  'started',
  'succeeded',
  'failed',
  'late',
  'recovered',
  'overdue',
  'restore-waiting',
  'restore-ended',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

export interface NotifyEvent {
  kind: EventKind;
  /** Of the event, so that it is told once: from the run and what happened. */
  id: string;
  deployment: string;
  what: RunKind;
  /** Empty: none. */
  backup: string;
  tier: string;
  /** ISO 8601. */
  at: string;
  /** One sentence: what happened, or what failed and why. Never a secret. */
  message: string;
  /** The next step; empty: nothing is to be done. */
  hint: string;
  /** `again at 02:14:05`, `not tried again`; empty where nothing is retried. */
  retry: string;
  /** The last lines of what was said, for those who read on. */
  tail: string[];
}
