// Keys from outside: made, shown, and on paper.
import { lstat, readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, expect, it } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { answerOf, backUp, holdfast } from '../support/scenario-commands.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
const key = scenario.path('key.txt');
await writeFile(scenario.path('vault'), 'zq7 secret of the vault\n', { mode: 0o600 });

afterAll(async () => {
  await scenario.remove();
  await cluster.stop();
});

it('a new key is private, opens what is encrypted to its public half, and never overwrites another one', async () => {
  const made = await answerOf(scenario, ['keys', 'new', '--output', key]);
  expect(made).toEqual({ recipient: expect.stringMatching(/^age1/), identity: key });
  expect((await lstat(key)).mode & 0o777).toBe(0o600);
  const { stdout } = await execa('age', ['--encrypt', '--recipient', String(made.recipient)], {
    input: 'words',
  });
  expect(stdout).not.toBe('words');
  expect((await execa('age-keygen', ['-y', key])).stdout).toBe(made.recipient);
  const before = await readFile(key, 'utf8');
  const again = await holdfast(scenario, ['keys', 'new', '--output', key]);
  expect(again).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining('is there already') });
  expect(await readFile(key, 'utf8')).toBe(before);
});

it('a secret key is never said, neither by the command that makes it nor by the one that shows', async () => {
  const other = await holdfast(scenario, ['keys', 'new', '--output', scenario.path('other.txt')]);
  const secret = /AGE-SECRET-KEY-\S+/.exec(await readFile(scenario.path('other.txt'), 'utf8'))?.[0] ?? '';
  expect(secret).not.toBe('');
  expect(`${other.stdout}${other.stderr}`).not.toContain('AGE-SECRET-KEY');
  expect(other.stderr).toContain(`identity: file:${scenario.path('other.txt')}`);
});

it('the sheet names all that a recovery needs, and no secret', async () => {
  const [, recipient = ''] = /public key: (age1\S+)/.exec(await readFile(key, 'utf8')) ?? [];
  await scenario.configure(
    { edms: { database: scenario.database('postgres'), repositories: ['local'] } },
    {
      repositories: {
        local: { local: scenario.repository },
        vault: { restic: scenario.path('restic'), password: `file:${scenario.path('vault')}` },
      },
      encryption: { recipients: [recipient], identity: `file:${key}` },
    },
  );
  const early = await holdfast(scenario, ['keys', 'sheet', '--output', scenario.folder]);
  expect(early).toMatchObject({ exit: 2, stderr: expect.stringContaining('no signing key yet') });
  await backUp(scenario);
  const { signing, fingerprint } = await answerOf(scenario, ['keys', 'show']);
  const { files } = await answerOf<{ files: string[] }>(scenario, [
    'keys',
    'sheet',
    '--output',
    scenario.folder,
  ]);
  for (const file of files) {
    const sheet = await readFile(file, 'utf8');
    expect((await lstat(file)).mode & 0o777).toBe(0o600);
    for (const needed of [
      recipient,
      signing,
      fingerprint,
      scenario.repository,
      `restic:${scenario.path('restic')}`,
    ])
      expect(sheet).toContain(String(needed));
    expect(sheet).toContain(`what file:${scenario.path('vault')} held`);
    expect(sheet).toContain(
      `restore --from ${scenario.repository} --identity holdfast-key.txt --trust ${signing} edms`,
    );
    expect(sheet).not.toMatch(/AGE-SECRET-KEY|zq7/);
    expect(sheet).not.toContain(cluster.password);
  }
  const again = await holdfast(scenario, ['keys', 'sheet', '--output', scenario.folder]);
  expect(again).toMatchObject({ exit: 2, stderr: expect.stringContaining('is there already') });
});

it('the secret key is on the sheet only where that is asked for, and it says so loudly', async () => {
  const folder = scenario.path('private');
  await execa('mkdir', ['-m', '0700', folder]);
  const { exit, stdout, stderr } = await holdfast(scenario, [
    'keys',
    'sheet',
    '--output',
    folder,
    '--with-identity',
  ]);
  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: expect.stringContaining('THE SECRET KEY IS ON THESE SHEETS'),
  });
  const secret = /AGE-SECRET-KEY-\S+/.exec(await readFile(key, 'utf8'))?.[0] ?? '';
  for (const file of stdout.trim().split('\n')) {
    const sheet = await readFile(file, 'utf8');
    expect(sheet).toContain(secret);
    expect(sheet).toContain('THE SECRET KEY IS ON THIS SHEET');
  }
});
