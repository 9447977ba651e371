// What every kind of notifier keeps to; one suite in test/contract proves it for each of them.
import type { NotifyEvent } from '../domain/events.js';

export interface Notifier {
  /** `email 1`. */
  name: string;
  /**
   * Resolves once the other side has taken the event. Whatever that does, it ends within the notifier's time limit: with a
   * Failure NOTIFY_FAILED that says in one sentence what went wrong and holds no secret; `retryable` says whether the same may
   * be taken later. The same event may be delivered again, and carries the same id then.
   */
  deliver(event: NotifyEvent): Promise<void>;
}

/** One kind's way: ends soon after the signal is aborted. */
export type Deliver = (event: NotifyEvent, signal: AbortSignal) => Promise<void>;
