// What a webhook sends: the event itself, what ntfy, Slack and Discord take, or JSON of one's own with placeholders in it.
import type { Template, WebhookSettings } from '../config/notify-settings.js';
import type { Placeholder } from '../config/schema-notify-webhook.js';
import { isTrouble, type NotifyEvent } from '../domain/events.js';
import { againWords, backupWords, plainText, shortText } from './text.js';

interface Message {
  url: URL;
  value: unknown;
}

export const messageOf = (template: WebhookSettings['template'], event: NotifyEvent, url: URL): Message => {
  switch (template) {
    case null:
      return { url, value: event };
    case 'ntfy':
      return ntfy(event, url);
    case 'slack':
      return { url, value: { text: `*${escaped(event.title)}*\n${escaped(shortText(event))}` } };
    case 'discord':
      return { url, value: discord(event) };
    default:
      return { url, value: filled(template.json, event) };
  }
};

/** The topic is the last part of the URL; JSON goes to the URL above it. */
const ntfy = (event: NotifyEvent, url: URL): Message => {
  const parts = url.pathname.replace(/\/$/, '').split('/');
  const topic = parts.pop() ?? '';
  const above = new URL(url);
  above.pathname = `${parts.join('/')}/`;
  const trouble = isTrouble(event) && !event.test;
  return {
    url: above,
    value: {
      topic,
      title: event.title,
      message: shortText(event),
      priority: trouble ? 4 : 3,
      tags: [trouble ? 'rotating_light' : 'floppy_disk'],
    },
  };
};

/** Discord takes 2,000 characters. Nobody is called by a name that a message happens to hold. */
const discord = (event: NotifyEvent) => ({
  content: `**${event.title}**\n${shortText(event)}`.slice(0, 1_990),
  allowed_mentions: { parse: [] },
});

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Only in strings that are values: what is put in can neither end one nor begin a key. */
const filled = (template: Template, event: NotifyEvent): unknown => {
  if (typeof template === 'string')
    return template.replace(/\{(\w+)\}/g, (all, name: string) => valuesOf(event)[name] ?? all);
  if (Array.isArray(template)) return template.map((item: Template) => filled(item, event));
  return typeof template === 'object' && template !== null
    ? Object.fromEntries(Object.entries(template).map(([key, value]) => [key, filled(value, event)]))
    : template;
};

const valuesOf = (event: NotifyEvent): Record<string, string> => {
  const { id, kind, title, cause, hint, deployment, what, tier, host, at, command, log } = event;
  return {
    ...{ id, kind, title, cause, hint, deployment, what, tier, host, at, command, log },
    text: plainText(event),
    run: event.run?.workflowId ?? '',
    again: againWords(event),
    newestGood: backupWords(event.newestGood, event, 'old'),
    newestProved: backupWords(event.newestProved, event, 'ago'),
  } satisfies Record<Placeholder, string>;
};
