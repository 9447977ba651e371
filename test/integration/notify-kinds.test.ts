// What each kind of notifier sends, seen by real servers on loopback.
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test as it, onTestFinished } from 'vitest';
import type { NotifyEvent } from '../../src/domain/events.js';
import { openNotifier } from '../../src/notifications/open-notifier.js';
import { headerOf, startMailServer, textOf } from '../support/mail-server.js';
import { notifyWorld } from '../support/notify-world.js';
import { postedPage } from '../support/posted-page.js';
import { sampleEvent } from '../support/sample-event.js';

const page = async () => {
  const served = await postedPage();
  onTestFinished(() => served.close());
  return served;
};

/** Delivers by the one notifier that is configured. */
const deliver = async (
  notify: (secret: (text: string) => string) => unknown,
  event: NotifyEvent = sampleEvent(),
): Promise<string> => {
  const { config } = await notifyWorld((secret) => [notify(secret)]);
  const [settings] = config.notify;
  if (settings === undefined) throw new Error('no notifier');
  return openNotifier(settings)
    .deliver(event)
    .then(
      () => 'delivered',
      (error: unknown) => String(error instanceof Error ? error.message : error),
    );
};

const LOGIN = { user: 'holdfast', password: 'correct horse/battery' };

const email = (url: string) => (secret: (text: string) => string) => ({
  email: { to: ['a@example.com', 'b@example.com'], from: 'Backups <h@example.com>', smtp: secret(url) },
});

it('a mail server that wants a login over an encrypted line gets both', async () => {
  const server = await startMailServer({ login: LOGIN });
  onTestFinished(() => server.close());
  const url = server.url.replace(
    '//',
    `//${encodeURIComponent(LOGIN.user)}:${encodeURIComponent(LOGIN.password)}@`,
  );
  expect(await deliver(email(url))).toBe('delivered');
  const [mail] = server.mails;
  expect(mail).toMatchObject({
    ...{ user: LOGIN.user, encrypted: true, from: 'h@example.com' },
    to: ['a@example.com', 'b@example.com'],
  });
  if (mail === undefined) throw new Error('no mail');
  expect(headerOf(mail, 'subject')).toBe('holdfast: backup of edms (daily) failed on web1');
  expect(headerOf(mail, 'content-type')).toBe('text/plain; charset=utf-8');
  expect(headerOf(mail, 'auto-submitted')).toBe('auto-generated');
  expect(textOf(mail)).toContain('\nWhy:            the server db.example.com:5432 refused the connection\n');
});

it('a password that a mail server refuses is in no message', async () => {
  const server = await startMailServer({ login: LOGIN });
  onTestFinished(() => server.close());
  const said = await deliver(email(server.url.replace('//', '//holdfast:wrong-password-here@')));
  expect(said).toMatch(/^email 1: 127\.0\.0\.1:\d+ refused user and password: .*535/);
  expect(said).not.toContain('wrong-password-here');
});

it('a mail server that wants a login and is given none says so', async () => {
  const server = await startMailServer({ login: LOGIN });
  onTestFinished(() => server.close());
  expect(await deliver(email(server.url))).toMatch(/^email 1: 127\.0\.0\.1:\d+ .*530/);
  expect(server.mails).toEqual([]);
});

it('an smtp URL that asks for what is not known is refused', async () => {
  expect(await deliver(email('smtp://127.0.0.1:1/?pool=true'))).toBe(
    'notify[0].email.smtp: the URL asks for something that is not known after ?',
  );
  expect(await deliver(email('http://127.0.0.1:1/'))).toBe(
    'notify[0].email.smtp: what it refers to is no URL that begins with smtp:// or smtps://',
  );
});

it('a password with a % of its own is refused with its place, and is in no message', async () => {
  const said = await deliver(email('smtp://holdfast:half%off@127.0.0.1:1'));
  expect(said).toBe('notify[0].email.smtp: user or password holds a % that stands for nothing');
});

it('a webhook’s body is signed together with the time, as anybody with the secret can check', async () => {
  const hook = await page();
  const event = sampleEvent();
  const webhook = (secret: (text: string) => string) => ({
    webhook: {
      ...{ url: `${hook.url}/in`, secret: secret('of both'), headers: { 'X-Team': 'ops' } },
      headers: { 'X-Team': 'ops', Authorization: secret('Bearer of-bad-news') },
    },
  });
  expect(await deliver(webhook, event)).toBe('delivered');
  const [{ method, path, headers, body } = { method: '', path: '', headers: {}, body: '' }] = hook.posted;
  expect({ method, path }).toEqual({ method: 'POST', path: '/in' });
  expect(JSON.parse(body)).toEqual(JSON.parse(JSON.stringify(event)));
  const timestamp = String(headers['x-holdfast-timestamp']);
  expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60);
  const expected = createHmac('sha256', 'of both').update(timestamp).update('.').update(body).digest('hex');
  expect(headers['x-holdfast-signature']).toBe(`sha256=${expected}`);
  expect(headers).toMatchObject({
    ...{ 'content-type': 'application/json', 'x-team': 'ops', authorization: 'Bearer of-bad-news' },
    ...{ 'x-holdfast-event': 'failed', 'x-holdfast-id': event.id },
  });
});

it('a redirect is not followed: the body would go to somebody else', async () => {
  const hook = await page();
  hook.answer(307);
  expect(await deliver(() => ({ webhook: { url: hook.url } }))).toMatch(/^webhook 1: .* answered 307$/);
  expect(hook.posted).toHaveLength(1);
});

it('pings go where their kind says, with the run’s id, and a body that is kept whole over there', async () => {
  const check = await page();
  const log = `${'ä'.repeat(70)}\n`.repeat(200);
  for (const kind of ['started', 'succeeded', 'failed', 'overdue', 'late'] as const)
    await deliver((secret) => ({ ping: secret(`${check.url}/ping/abc`) }), sampleEvent({ kind, log }));
  await deliver((secret) => ({ ping: secret(`${check.url}/ping/abc/`) }), sampleEvent({ test: true }));
  for (const what of ['backup', 'restore'] as const)
    await deliver(
      (secret) => ({ ping: secret(`${check.url}/ping/abc`) }),
      sampleEvent({ what, refused: true }),
    );
  const rid = '?rid=5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11';
  expect(check.posted.map(({ path }) => path)).toEqual(
    ['/start', '', '/fail', '/fail', '/log', '/log', '/fail', '/log'].map(
      (place) => `/ping/abc${place}${rid}`,
    ),
  );
  const failed = check.posted[2]?.body ?? '';
  expect(Buffer.byteLength(failed)).toBeLessThanOrEqual(10_000);
  expect(failed).toContain('How far it came:\n\nää');
  expect(failed).not.toContain('�');
});

it('a command gets the event on stdin, a few variables, and none of the agent’s own', async () => {
  process.env.HOLDFAST_TEST_SECRET = 'do not pass on';
  onTestFinished(() => {
    delete process.env.HOLDFAST_TEST_SECRET;
  });
  const { folder } = await notifyWorld(() => []);
  const out = join(folder, 'out');
  const script = 'cat > "$1"; env | grep -E "^HOLDFAST_" | sort >> "$1"';
  expect(await deliver(() => ({ command: ['sh', '-c', script, 'tell', out] }))).toBe('delivered');
  const [event = '', ...variables] = (await readFile(out, 'utf8')).trimEnd().split('\n');
  expect(JSON.parse(event)).toEqual(JSON.parse(JSON.stringify(sampleEvent())));
  expect(variables).toEqual([
    'HOLDFAST_DEPLOYMENT=edms',
    'HOLDFAST_EVENT=failed',
    'HOLDFAST_TEST=',
    'HOLDFAST_TITLE=backup of edms (daily) failed on web1',
  ]);
});

it('a command that does not read its event has still delivered it', async () => {
  const event = sampleEvent({ log: 'x'.repeat(1_000_000) });
  expect(await deliver(() => ({ command: ['true'] }), event)).toBe('delivered');
});

it('a command that fails or is not there is named with its last words', async () => {
  expect(await deliver(() => ({ command: ['sh', '-c', 'echo no modem >&2; exit 7'] }))).toBe(
    'command 1: sh: exit 7: no modem',
  );
  expect(await deliver(() => ({ command: ['no-such-program'] }))).toMatch(/^command 1: no-such-program/);
});
