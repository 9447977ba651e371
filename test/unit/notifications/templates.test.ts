import { expect, test } from 'vitest';
import { messageOf } from '../../../src/notifications/templates.js';
import { sampleEvent } from '../../support/sample-event.js';

const HOOK = new URL('https://hooks.example.com/a/b');

test('without a template the event itself is sent', () => {
  const event = sampleEvent();
  expect(messageOf(null, event, HOOK)).toEqual({ url: HOOK, value: event });
});

test('ntfy gets its topic in the JSON, at the address above it', () => {
  const { url, value } = messageOf('ntfy', sampleEvent(), new URL('https://ntfy.example.com/sub/backups'));
  expect(url.href).toBe('https://ntfy.example.com/sub/');
  expect(value).toMatchObject({
    topic: 'backups',
    title: 'backup of edms (daily) failed on web1',
    priority: 4,
    tags: ['rotating_light'],
  });
});

test('ntfy makes no noise for a run that was refused because the deployment was busy', () => {
  const { value } = messageOf('ntfy', sampleEvent({ refused: true }), HOOK);
  expect(value).toMatchObject({ priority: 3, tags: ['floppy_disk'] });
});

test('in Slack nothing of the event is markup, and in Discord it calls nobody', () => {
  const event = sampleEvent({ cause: 'a <b> & @everyone', log: '' });
  expect(messageOf('slack', event, HOOK).value).toMatchObject({
    text: expect.stringContaining('Why: a &lt;b&gt; &amp; @everyone'),
  });
  const long = messageOf('discord', sampleEvent({ cause: 'x'.repeat(5_000) }), HOOK).value;
  expect(long).toMatchObject({ allowed_mentions: { parse: [] } });
  expect(JSON.stringify(long).length).toBeLessThan(2_100);
});

test('in a template of one’s own, values are put into strings and cannot leave them', () => {
  const event = sampleEvent({ cause: '", "admin": "{title}' });
  const json = { text: '{title}: {cause}', nested: [{ n: 5 }, '{again}', '{{kind}}'], '{title}': null };
  const { value } = messageOf({ json }, event, HOOK);
  expect(JSON.parse(JSON.stringify(value))).toEqual({
    text: 'backup of edms (daily) failed on web1: ", "admin": "{title}',
    nested: [{ n: 5 }, 'by itself on 2026-11-22 02:00:00 (Europe/Zurich)', '{failed}'],
    '{title}': null,
  });
});
