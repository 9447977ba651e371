// One notifier gets what waits for it, oldest first. What it does not take stays, and is tried again later.
import type { NotifierSettings } from '../../config/notify-settings.js';
import type { EventKind, NotifyEvent } from '../../domain/events.js';
import { asFailure } from '../../domain/failure.js';
import { openNotifier } from '../../notifications/open-notifier.js';
import { delivered, failed, readNotifier, writeNotifier } from './notifier-state.js';
import { type OutboxEntry, type OutboxHost, readOutbox, takeFromOutbox } from './outbox.js';

export interface DeliverHost extends OutboxHost {
  now: () => Date;
  /** With its surroundings. */
  complete: (entry: OutboxEntry) => Promise<NotifyEvent>;
  /** One at a time changes the outbox. */
  inTurn: <T>(act: () => Promise<T>) => Promise<T>;
  /** Aborted: nothing more is begun. */
  stop: AbortSignal;
}

/** Enough to see that it refuses everything, and not just one of them. */
const MOST_REFUSALS = 3;

/** Never rejects but for its own host's trouble. At least once: who dies behind a delivery delivers it again. */
export const deliverWaiting = async (settings: NotifierSettings, host: DeliverHost): Promise<void> => {
  const { id } = settings;
  const notifier = openNotifier(settings);
  let refusals = 0;
  for (const entry of await waitingFor(id, host)) {
    const record = await readNotifier(host.state, id);
    const now = host.now();
    if (host.stop.aborted) return;
    if (refusals === 0 && record.nextTryAt !== null && record.nextTryAt > now.toISOString()) return;
    if (isStale(settings, entry, now)) {
      await taken(entry, id, host);
      continue;
    }
    try {
      const event = await host.complete(entry);
      await host.effect(`deliver by ${settings.kind}`, () => notifier.deliver(event));
    } catch (error) {
      const { code, message, retryable } = asFailure(error);
      if (code !== 'NOTIFY_FAILED') throw error;
      await writeNotifier(host.state, failed(record, message, host.now()));
      refusals += 1;
      if (retryable || refusals === MOST_REFUSALS) return;
      continue;
    }
    await taken(entry, id, host);
    if (refusals === 0) await writeNotifier(host.state, delivered(record, host.now()));
  }
};

const waitingFor = async (id: string, { state }: OutboxHost): Promise<OutboxEntry[]> =>
  (await readOutbox(state)).filter(({ waiting }) => waiting.includes(id));

const taken = ({ happening }: OutboxEntry, id: string, host: DeliverHost): Promise<void> =>
  host.inTurn(() => takeFromOutbox(host, happening.id, id));

const HOUR_MS = 3_600_000;
const LONGEST_MS = 72 * HOUR_MS;

/** A sign of life that comes late would hide silence; bad news stays news for days. */
const isStale = ({ kind }: NotifierSettings, { happening }: OutboxEntry, now: Date): boolean => {
  const sign = SIGNS.has(happening.kind) && kind === 'ping';
  return now.getTime() - Date.parse(happening.at) > (sign ? HOUR_MS : LONGEST_MS);
};

const SIGNS: ReadonlySet<EventKind> = new Set(['started', 'succeeded']);
