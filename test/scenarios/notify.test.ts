// Somebody hears of trouble: a backup fails through the real command line, with nobody serving, and the mail is there; the next
// one that succeeds says that it works again.
import { writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { headerOf, type Mail, type MailServer, startMailServer, textOf } from '../support/mail-server.js';
import { type PostedPage, postedPage } from '../support/posted-page.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { createScenario, type Scenario } from '../support/scenario.js';
import { createSeed } from '../support/scenario-application.js';
import { answerOf, holdfast } from '../support/scenario-commands.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let cluster: Cluster;
let scenario: Scenario;
let mail: MailServer;
let checks: PostedPage;

beforeAll(async () => {
  [cluster, mail, checks] = await Promise.all([startCluster(), startMailServer(), postedPage()]);
  scenario = await createScenario(cluster);
  await createSeed(cluster);
  await writeFile(scenario.path('smtp'), `${mail.url}\n`, { mode: 0o600 });
  await writeFile(scenario.path('wrong-password'), 'not this one\n', { mode: 0o600 });
  await writeFile(scenario.path('ping'), `${checks.url}/check\n`, { mode: 0o600 });
});

afterAll(async () => {
  await scenario.remove();
  await Promise.all([cluster.stop(), mail.close(), checks.close()]);
});

const configure = (password: string): Promise<void> =>
  scenario.configure(
    {
      edms: {
        database: scenario.database('seed', { password: `file:${scenario.path(password)}` }),
        tiers: { daily: { schedule: '0 2 * * *', keep: 30 } },
      },
    },
    {
      timezone: 'Europe/Zurich',
      notify: [
        { ping: `file:${scenario.path('ping')}` },
        {
          email: {
            to: 'ops@example.com',
            from: 'holdfast@example.com',
            smtp: `file:${scenario.path('smtp')}`,
          },
        },
      ],
    },
  );

const mails = (many: number): Promise<Mail[]> =>
  vi.waitFor(
    () => {
      expect(mail.mails.length).toBeGreaterThanOrEqual(many);
      return mail.mails;
    },
    { timeout: 60_000, interval: 50 },
  );

it('a backup that fails is in the mail, with what there is to fall back on; then it works again', async () => {
  await configure('password');
  const { backup } = await answerOf(scenario, ['backup', 'edms', '--tier', 'daily', '--drill']);
  expect(mail.mails).toEqual([]);

  await configure('wrong-password');
  const failed = await holdfast(scenario, ['backup', 'edms', '--tier', 'daily']);
  expect({ exit: failed.exit, stderr: failed.stderr }).toEqual({ exit: 1, stderr: failed.stderr });
  const [first] = await mails(1);
  if (first === undefined) throw new Error('no mail');
  expect(headerOf(first, 'subject')).toBe(`holdfast: backup of edms (daily) failed on ${hostname()}`);
  expect(first.to).toEqual(['ops@example.com']);
  const text = textOf(first);
  const order = [
    /^backup of edms \(daily\) failed on /m,
    /^Why: +.*password/m,
    /^Hint: +check user and password in holdfast\.yaml$/m,
    /^Tried again: +by itself on \d{4}-\d\d-\d\d 02:00:00 \(Europe\/Zurich\)$/m,
    new RegExp(`^Newest good: +${backup}, \\d+ [sm] old$`, 'm'),
    new RegExp(`^Newest proved: +${backup}, restored \\d+ [sm] ago$`, 'm'),
    /^ {4}holdfast doctor edms$/m,
  ].map((part) => text.search(part));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order).not.toContain(-1);

  const page = await holdfast(scenario, ['status']);
  expect(page.exit).toBe(10);
  expect(page.stdout).toMatch(/^ {2}problem +backup of edms \(daily\) failed \d+ [sm] ago: .*password/m);

  await configure('password');
  await answerOf(scenario, ['backup', 'edms', '--tier', 'daily']);
  expect((await holdfast(scenario, ['status'])).stdout).not.toMatch(/\(daily\) failed/);
  const [, second] = await mails(2);
  if (second === undefined) throw new Error('no second mail');
  expect(headerOf(second, 'subject')).toBe(`holdfast: backup of edms (daily) works again on ${hostname()}`);
  expect(mail.mails).toHaveLength(2);

  await vi.waitFor(() => expect(checks.posted.length).toBeGreaterThanOrEqual(6), { timeout: 60_000 });
  const places = checks.posted.map(({ path }) => path.replace(/\?.*/, ''));
  expect(places).toEqual(['/check/start', '/check', '/check/start', '/check/fail', '/check/start', '/check']);
  const runs = checks.posted.map(({ path }) => /rid=([0-9a-f-]{36})$/.exec(path)?.[1]);
  expect(runs[2]).toBe(runs[3]);
  expect(new Set(runs).size).toBe(3);
});
