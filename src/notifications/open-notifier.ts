// A notifier of whatever kind, from its settings. Here each delivery gets its time limit, and secrets leave no message.
import type { NotifierSettings } from '../config/notify-settings.js';
import { redacted } from '../config/redacted.js';
import { asFailure, Failure } from '../domain/failure.js';
import { unlessAborted } from '../tools/unless-aborted.js';
import { deliverByCommand } from './command.js';
import { deliverByEmail } from './email.js';
import type { Deliver, Notifier } from './notifier.js';
import { deliverByPing } from './ping.js';
import { deliverByWebhook } from './webhook.js';

export const openNotifier = (settings: NotifierSettings): Notifier => {
  const deliver = deliverOf(settings);
  const { name, timeoutMs } = settings;
  return {
    name,
    deliver: async (event) => {
      const limit = new AbortController();
      const slow = new Failure('NOTIFY_FAILED', `${name}: no answer within ${timeoutMs / 1000} s`);
      const timer = setTimeout(() => limit.abort(slow), timeoutMs);
      try {
        await unlessAborted(deliver(event, limit.signal), limit.signal);
      } catch (error) {
        throw limit.signal.aborted ? slow : plainly(name, error);
      } finally {
        clearTimeout(timer);
      }
    },
  };
};

const deliverOf = (settings: NotifierSettings): Deliver => {
  switch (settings.kind) {
    case 'ping':
      return deliverByPing(settings);
    case 'email':
      return deliverByEmail(settings);
    case 'webhook':
      return deliverByWebhook(settings);
    case 'command':
      return deliverByCommand(settings);
    default:
      return settings satisfies never;
  }
};

const MOST_WORDS = 300;

/** On one line: it is shown in lists. A configuration that is wrong now may be right later. */
const plainly = (name: string, error: unknown): Failure => {
  const { code, message, hint, retryable, evidence } = asFailure(error);
  const said = redacted(message.replace(/\s+/g, ' ')).slice(0, MOST_WORDS);
  return new Failure('NOTIFY_FAILED', code === 'CONFIG_INVALID' ? said : `${name}: ${said}`, {
    hint: code === 'UNEXPECTED' ? undefined : redacted(hint),
    retryable: code === 'CONFIG_INVALID' || retryable,
    evidence: evidence === undefined ? undefined : redacted(evidence),
    cause: error,
  });
};
