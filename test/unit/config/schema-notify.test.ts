import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.js';
import { notifiersOf } from '../../../src/config/notify-of.js';
import { pathText } from '../../../src/config/problem.js';
import { programsOf } from '../../../src/config/programs-of.js';
import { notifySchema } from '../../../src/config/schema-notify.js';
import { shapeProblems } from '../../../src/config/shape-problems.js';
import { problemsIn, writeConfig } from './holdfast-yaml.js';

const EMAIL = { to: 'ops@example.com', from: 'holdfast@example.com', smtp: 'env:SMTP_URL' };

test('notifiers keep their order, and each is named after its kind and its place', () => {
  const parsed = notifySchema.parse([
    { ping: 'env:PING_URL' },
    { email: EMAIL, on: ['succeeded'], timeout: '5s' },
    { webhook: { url: 'https://ntfy.example.com/backups', template: 'ntfy' }, deployments: ['edms'] },
    { command: ['/usr/local/bin/tell', '--now'] },
  ]);
  expect(notifiersOf(parsed)).toEqual([
    {
      ...{
        id: expect.stringMatching(/^ping-[0-9a-f]{8}$/),
        kind: 'ping',
        name: 'ping 1',
        path: 'notify[0].ping',
        url: 'env:PING_URL',
      },
      ...{ on: ['started', 'succeeded', 'failed', 'overdue'], deployments: null, timeoutMs: 20_000 },
    },
    {
      ...{
        id: expect.stringMatching(/^email-[0-9a-f]{8}$/),
        kind: 'email',
        name: 'email 2',
        path: 'notify[1].email',
        ...EMAIL,
        to: ['ops@example.com'],
      },
      ...{ on: ['succeeded'], deployments: null, timeoutMs: 5_000 },
    },
    {
      ...{
        id: expect.stringMatching(/^webhook-[0-9a-f]{8}$/),
        kind: 'webhook',
        name: 'webhook 3',
        path: 'notify[2].webhook',
      },
      ...{ url: 'https://ntfy.example.com/backups', template: 'ntfy', secret: null, headers: {} },
      ...{ on: ['failed', 'late', 'recovered', 'overdue'], deployments: ['edms'], timeoutMs: 20_000 },
    },
    {
      ...{
        id: expect.stringMatching(/^command-[0-9a-f]{8}$/),
        kind: 'command',
        name: 'command 4',
        path: 'notify[3].command',
      },
      ...{ argv: ['/usr/local/bin/tell', '--now'], timeoutMs: 20_000 },
      ...{ on: ['failed', 'late', 'recovered', 'overdue'], deployments: null },
    },
  ]);
  expect(notifiersOf(undefined)).toEqual([]);
});

test('a notifier is known by whom it tells, wherever it stands and whatever it is told of', () => {
  const idsOf = (...given: object[]) => notifiersOf(notifySchema.parse(given)).map(({ id }) => id);
  const mail = { email: EMAIL };
  const [ping, first, second] = idsOf({ ping: 'env:A' }, mail, mail);
  expect(idsOf({ email: { ...EMAIL, smtp: 'env:OTHER' }, on: ['late'], timeout: '5s' })).toEqual([first]);
  expect(idsOf({ email: { ...EMAIL, to: [EMAIL.to] } }, { ping: 'env:B' }, { ping: 'env:A' })).toEqual([
    ...[first, expect.not.stringMatching(ping ?? '')],
    ping,
  ]);
  expect(second).toBe(`${first}-2`);
});

const NOT_HERE = 'a secret is not written here; use env:NAME, file:/path or command:program args';
const ADDRESS = 'must be an address such as ops@example.com, or Operations <ops@example.com>';
const hook = (changed: object) => [{ webhook: { url: 'https://example.com/hook', ...changed } }];

test.each([
  [{ ping: 'env:PING_URL' }, 'must be a list, such as [{ ping: env:PING_URL }]'],
  [[{}], '[0]: needs one of ping, email, webhook, command'],
  [[{ ping: 'env:A', email: EMAIL }], '[0]: has ping and email; make each an entry of its own'],
  [[{ pong: 'env:A' }], '[0].pong: is not a known key; did you mean ping?'],
  [[{ ping: 'https://hc-ping.com/0f0f' }], `[0].ping: ${NOT_HERE}`],
  [[{ email: { ...EMAIL, smtp: 'smtp://u:p@example.com' } }], `[0].email.smtp: ${NOT_HERE}`],
  [[{ email: { ...EMAIL, to: 'ops' } }], `[0].email.to: ${ADDRESS}`],
  [[{ email: { ...EMAIL, from: 'a@example.com\nBcc: b@example.com' } }], `[0].email.from: ${ADDRESS}`],
  [[{ email: { ...EMAIL, to: [] } }], '[0].email.to: must name at least one'],
  [hook({ url: 'ftp://example.com' }), '[0].webhook.url: must be a URL that begins with https:// or http://'],
  [hook({ url: 'https://u:p@example.com' }), '[0].webhook.url: holds a secret'],
  [hook({ url: 'https://example.com/?token=5' }), '[0].webhook.url: holds a secret'],
  [
    hook({ url: 'https://hooks.slack.com/services/T/B/x' }),
    '[0].webhook.url: is a secret: whoever knows it can write there',
  ],
  [hook({ secret: 'hunter2' }), `[0].webhook.secret: ${NOT_HERE}`],
  [hook({ headers: { Authorization: 'Bearer 5' } }), `[0].webhook.headers.Authorization: ${NOT_HERE}`],
  [hook({ template: 'teams' }), '[0].webhook.template: must be ntfy, slack, discord or a mapping'],
  [
    hook({ template: { text: ['{tilte}'] } }),
    '[0].webhook.template.text[0]: has no {tilte} to put in; did you mean {title}?',
  ],
  [[{ command: 'mail ops' }], '[0].command: must be a list of a program and its arguments'],
  [[{ ping: 'env:A', on: ['suceeded'] }], '[0].on[0]: is not an event; did you mean succeeded?'],
  [[{ ping: 'env:A', on: ['x'] }], '[0].on[0]: is not an event; known are started, succeeded, failed'],
  [[{ ping: 'env:A', on: [] }], '[0].on: must name at least one event; leave it out for the usual ones'],
  [[{ ping: 'env:A', timeout: 5 }], '[0].timeout: must be a duration such as 90s, 30m, 12h or 30d'],
  [[{ ping: 'env:A', timeout: '1h' }], '[0].timeout: must be at most 2m'],
])('what is wrong with notify is said with its place: %j', (value, problem) => {
  const issues = notifySchema.safeParse(value).error?.issues ?? [];
  const [first = ''] = shapeProblems(issues, value).map(({ path, text }) =>
    [pathText(path), text].filter((part) => part !== '').join(': '),
  );
  expect(first.slice(0, problem.length)).toBe(problem);
});

const yaml = (notify: string): string =>
  `repositories: { local: { local: /srv/backups } }
deployments: { edms: { files: { storage: /srv/edms } } }
state: /srv/state
notify: ${notify}
`;

test('a deployment that is not there has no notifier', async () => {
  expect(await problemsIn(yaml('[{ ping: env:PING_URL, deployments: [edms, wiki] }]'))).toEqual([
    'notify[0].deployments[1]: there is no deployment wiki',
  ]);
});

test('a deployment in which something is wrong is there all the same', async () => {
  const wrong = yaml('[{ ping: env:PING_URL, deployments: [edms] }]').replace('edms: {', 'edms: 5 } #');
  expect(await problemsIn(wrong)).toEqual([
    'deployments.edms: must be a mapping, not a number (quotes make it text)',
  ]);
});

test('who is told changes no digest, and what it runs is shown', async () => {
  const silent = await loadConfig({ file: await writeConfig(yaml('[]')) });
  const told = await loadConfig({
    file: await writeConfig(yaml('[{ command: [tell, me] }, { ping: command:pass ping }]')),
  });
  expect(told.deployments.edms?.digest).toBe(silent.deployments.edms?.digest);
  expect(programsOf(told)).toEqual(['notify[0].command: tell me', 'notify[1].ping: pass ping']);
});
