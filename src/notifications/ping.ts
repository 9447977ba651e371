// Signs of life, as Healthchecks.io takes them and others that speak like it: URL/start, URL, URL/fail. What watches them
// notices silence, which nothing on this host can.
import type { PingSettings } from '../config/notify-settings.js';
import type { EventKind, NotifyEvent } from '../domain/events.js';
import type { Deliver } from './notifier.js';
import { post } from './post.js';
import { resolvedUrl } from './resolve.js';
import { plainText } from './text.js';

/** Whoever receives it keeps ten kilobytes. */
const MOST_BYTES = 10_000;

/** What neither begins nor ends is only written down there: `/log` changes no state. */
const PLACES: Record<EventKind, string> = {
  started: '/start',
  succeeded: '',
  failed: '/fail',
  overdue: '/fail',
  late: '/log',
  recovered: '/log',
  'restore-waiting': '/log',
  'restore-ended': '/log',
};

export const deliverByPing =
  (settings: PingSettings): Deliver =>
  async (event, signal) => {
    const url = await resolvedUrl(settings.url, { path: settings.path, protocols: ['https:', 'http:'] });
    url.pathname = `${url.pathname.replace(/\/$/, '')}${placeOf(event)}`;
    if (event.run !== null) url.searchParams.set('rid', event.run.runId);
    await post(
      { url, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: bodyOf(event) },
      signal,
    );
  };

/** A test is no sign of life, and no alarm; nor is a run that was refused, but for a backup, which has begun there and has to end. */
const placeOf = ({ kind, what, refused, test }: NotifyEvent): string =>
  test || (refused && what !== 'backup') ? '/log' : PLACES[kind];

const bodyOf = (event: NotifyEvent): string =>
  event.kind === 'started' ? event.title : cut(plainText(event), MOST_BYTES);

/** At most so many bytes, and no half character. */
const cut = (text: string, most: number): string =>
  Buffer.from(text).subarray(0, most).toString('utf8').replace(/�+$/, '');
