// Marked secrets stand wherever one can be configured; then everything is done that holdfast does, well and badly, and they
// are looked for wherever somebody else could read.
import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type PostedPage, postedPage } from '../support/posted-page.js';
import { type Cluster, startCluster } from '../support/postgres-cluster.js';
import { createScenario, type Scenario } from '../support/scenario.js';
import { createSeed } from '../support/scenario-application.js';
import { type Ended, holdfast, type Serving, serve } from '../support/scenario-commands.js';
import {
  type Secrets,
  secretsIn,
  secretsInFiles,
  secretsInHistories,
  watchProcesses,
} from '../support/scenario-secrets.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

let cluster: Cluster;
let hook: PostedPage;
let scenario: Scenario;
let up: Serving;
let secrets: Secrets;
let environment: Record<string, string>;
let recipient: string;
let watch: ReturnType<typeof watchProcesses>;
const said: string[] = [];

const marked = (what: string): string => `${what}-${randomBytes(12).toString('hex')}`;

/** A database by a URL with its password, two places that do not answer, keys, and a hook that prints all it is given. */
const configure = (recipient: string, hook: string): Promise<void> =>
  scenario.configure(
    {
      edms: {
        database: { url: 'env:EDMS_URL' },
        files: { storage: scenario.path('programs') },
        hooks: { beforeBackup: [['sh', '-c', `env >&2; cat "$PGPASSFILE" "$PGSERVICEFILE" >&2; ${hook}`]] },
      },
    },
    {
      encryption: { recipients: [recipient], identity: `file:${scenario.path('identity.txt')}` },
      notify: [
        { ping: 'env:PING_URL', timeout: '2s' },
        {
          email: { to: 'ops@example.com', from: 'holdfast@example.com', smtp: 'env:SMTP_URL' },
          timeout: '2s',
        },
        {
          webhook: { url: 'env:HOOK_URL', secret: `file:${scenario.path('hook-secret')}` },
          on: ['started', 'succeeded', 'failed'],
        },
      ],
      repositories: {
        local: { local: scenario.repository },
        offsite: {
          s3: {
            bucket: 'backups',
            endpoint: 'http://127.0.0.1:9',
            region: 'us-east-1',
            forcePathStyle: true,
            accessKeyId: 'env:STORE_KEY',
            secretAccessKey: `command:cat ${scenario.path('s3-secret')}`,
          },
        },
        vault: {
          restic: scenario.path('no', 'vault'),
          password: `file:${scenario.path('vault-password')}`,
          environment: { AWS_SECRET_ACCESS_KEY: 'env:VAULT_SECRET' },
        },
      },
    },
  );

const write = async (name: string, text: string): Promise<void> => {
  await writeFile(scenario.path(name), text, { mode: 0o600 });
};

beforeAll(async () => {
  [cluster, hook] = await Promise.all([startCluster(), postedPage()]);
  scenario = await createScenario(cluster);
  await createSeed(cluster);
  await execa('age-keygen', ['--output', scenario.path('identity.txt')]);
  await chmod(scenario.path('identity.txt'), 0o600);
  const key = await readFile(scenario.path('identity.txt'), 'utf8');
  secrets = {
    'the database’s password': cluster.password,
    'the bucket’s key': marked('store-key'),
    'the bucket’s secret': marked('store-secret'),
    'the vault’s password': marked('vault-password'),
    'the vault’s storage secret': marked('vault-secret'),
    'the ping’s address': marked('ping'),
    'the mail server’s password': marked('smtp-password'),
    'the webhook’s address': marked('hook'),
    'the webhook’s secret': marked('hook-secret'),
    'the key that decrypts': /AGE-SECRET-KEY-\S+/.exec(key)?.[0] ?? '',
  };
  expect(Object.values(secrets).every((secret) => secret.length > 15)).toBe(true);
  environment = {
    EDMS_URL: cluster.url('seed'),
    STORE_KEY: secrets['the bucket’s key'] ?? '',
    VAULT_SECRET: secrets['the vault’s storage secret'] ?? '',
    PING_URL: `http://127.0.0.1:9/${secrets['the ping’s address']}`,
    SMTP_URL: `smtp://holdfast:${secrets['the mail server’s password']}@127.0.0.1:9`,
    HOOK_URL: `${hook.url}/${secrets['the webhook’s address']}`,
  };
  await write('s3-secret', `${secrets['the bucket’s secret']}\n`);
  await write('hook-secret', `${secrets['the webhook’s secret']}\n`);
  await write('vault-password', `${secrets['the vault’s password']}\n`);
  recipient = /public key: (age1\S+)/.exec(key)?.[1] ?? '';
  await configure(recipient, 'exit 0');
  const { 'the vault’s password': password = '', 'the vault’s storage secret': storage = '' } = secrets;
  watch = watchProcesses(scenario.user, secrets, {
    restic: { 'the vault’s password': password, 'the vault’s storage secret': storage },
  });
  up = await serve(scenario, { env: environment });
});

afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await Promise.all([cluster.stop(), hook.close()]);
});

const run = async (...args: string[]): Promise<Ended> => {
  const ended = await holdfast(scenario, args, { env: environment });
  said.push(ended.stdout, ended.stderr);
  return ended;
};

it('no secret leaves this host’s configuration, whatever is done and whatever goes wrong', async () => {
  const made = await run('backup', 'edms', '--json');
  expect({ exit: made.exit, stderr: made.stderr }).toEqual({ exit: 0, stderr: made.stderr });
  const { backup } = JSON.parse(made.stdout);
  expect((await run('restore', 'edms', backup, '--confirm', 'edms', '--json')).exit).toBe(0);
  expect((await run('undo', 'edms', '--confirm', 'edms')).exit).toBe(0);
  const tried = await run('doctor', '--notify', '--json');
  expect(tried.stdout).toContain('ping 1: 127.0.0.1:9 refused the connection');
  for (const args of [['list'], ['show', 'edms', backup], ['doctor'], ['verify', 'edms', '--decode']])
    await run(...args, '--json');
  for (let tries = 0; tries < 10 && !watch.saw('pg_dump'); tries++) await run('backup', 'edms');
  expect(watch.saw('pg_dump')).toBe(true);
  await configure(recipient, 'exit 3');
  expect((await run('backup', 'edms')).exit).not.toBe(0);
  await cluster.query('postgres', `alter role "${cluster.user}" password 'another'`);
  await configure(recipient, 'exit 0');
  const refused = await run('backup', 'edms');
  expect(refused.exit).not.toBe(0);

  await vi.waitFor(() => expect(hook.posted.some(({ body }) => body.includes('"failed"'))).toBe(true), {
    timeout: 60_000,
  });
  const found = await watch.stop();
  const histories = await secretsInHistories(scenario.state, secrets);
  expect(histories.runs).toBeGreaterThan(5);
  await up.stop();
  expect([
    ...found,
    ...histories.found,
    ...said.flatMap((text) => secretsIn(text, secrets, 'what a command said')),
    ...secretsIn(up.stderr() + up.stdout(), secrets, 'what holdfast up said'),
    ...hook.posted.flatMap(({ body }) => secretsIn(body, secrets, 'what a webhook was sent')),
    ...(await secretsInFiles(scenario.state, secrets)),
    ...(await secretsInFiles(scenario.repository, secrets)),
  ]).toEqual([]);
});

it('and the search would have found them', async () => {
  const [what = '', secret = ''] = Object.entries(secrets)[0] ?? [];
  await writeFile(scenario.path('programs', 'told'), `x${secret}x`);
  expect(await secretsInFiles(scenario.path('programs'), secrets)).toEqual([
    `${what} in ${scenario.path('programs', 'told')}`,
  ]);
});
