// By a POST of JSON. With a secret it is signed, so that the receiver knows who sends it, and when it was sent.
import { createHmac } from 'node:crypto';
import type { WebhookSettings } from '../config/notify-settings.js';
import { looksLikeReference } from '../config/secret-reference.js';
import type { Deliver } from './notifier.js';
import { post } from './post.js';
import { resolved, resolvedUrl } from './resolve.js';
import { messageOf } from './templates.js';

export const deliverByWebhook =
  (settings: WebhookSettings): Deliver =>
  async (event, signal) => {
    const { path, template } = settings;
    const given = await resolvedUrl(settings.url, { path: `${path}.url`, protocols: ['https:', 'http:'] });
    const { url, value } = messageOf(template, event, given);
    const body = JSON.stringify(value);
    const headers = {
      'content-type': 'application/json',
      'x-holdfast-event': event.kind,
      'x-holdfast-id': event.id,
      ...(await ownHeaders(settings)),
      ...(await signature(settings, body)),
    };
    await post({ url, headers, body }, signal);
  };

/** `sha256=` and HMAC-SHA256 in hexadecimal of the time (seconds since 1970), a dot and the body. */
const signature = async (
  { secret, path }: WebhookSettings,
  body: string,
): Promise<Record<string, string>> => {
  if (secret === null) return {};
  const timestamp = String(Math.floor(Date.now() / 1000));
  const hmac = createHmac('sha256', await resolved(secret, `${path}.secret`));
  return {
    'x-holdfast-timestamp': timestamp,
    'x-holdfast-signature': `sha256=${hmac.update(`${timestamp}.${body}`).digest('hex')}`,
  };
};

const ownHeaders = async ({ headers, path }: WebhookSettings): Promise<Record<string, string>> =>
  Object.fromEntries(
    await Promise.all(
      Object.entries(headers).map(async ([name, value]) => [
        name.toLowerCase(),
        looksLikeReference(value) ? await resolved(value, `${path}.headers.${name}`) : value,
      ]),
    ),
  );
