// A machine that has nothing: a repository, one key, one command.
import { lstat, readdir, readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { afterAll, expect, it, vi } from 'vitest';
import { expectUntouched, loseMachine } from '../support/lost-machine.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';

vi.setConfig({ testTimeout: 200_000, hookTimeout: 60_000 });

const KEY = 'holdfast-key.txt';

/** Everything encrypted and sealed, an application that is not there yet, and files to be put beside. */
const sealed = await loseMachine({
  top: async (scenario) => {
    await execa('age-keygen', ['-o', scenario.path(KEY)]);
    const recipient = (await execa('age-keygen', ['-y', scenario.path(KEY)])).stdout;
    await writeFile(scenario.path('hook'), 'signs what is sent\n', { mode: 0o600 });
    return {
      encryption: { recipients: [recipient], identity: `file:${scenario.path(KEY)}` },
      notify: [{ webhook: { url: 'http://127.0.0.1:9', secret: `file:${scenario.path('hook')}` } }],
    };
  },
  settings: (scenario) => ({
    sealSecrets: true,
    files: {
      storage: scenario.path('edms', 'storage'),
      project: { path: scenario.path('edms'), include: ['.env'], restore: 'aside' },
    },
    hooks: { afterRestore: [['/nowhere/migrate', '--all']] },
  }),
  furnish: (scenario) => writeFile(scenario.path('edms', '.env'), 'KEY=value\n', { mode: 0o600 }),
  lost: ['password', 'hook'],
});
const { scenario, backup } = sealed;

afterAll(async () => {
  await sealed.remove();
});

const key = scenario.path(KEY);
const filesThere = () => readdir(scenario.folder).then((names) => names.sort());

it('without the key, with another one, or with none that is trusted, nothing is touched', async () => {
  const before = await filesThere();
  await execa('age-keygen', ['-o', scenario.path('home', 'other.txt')]);
  const stranger = `ed25519:${Buffer.alloc(32, 1).toString('base64')}`;
  const yes = ['--yes', '--trust', sealed.trust];
  const tried = [
    {
      args: [...yes],
      exit: 1,
      says: /error: .* is encrypted, and no key was given\nhint: .*--identity FILE/,
    },
    { args: [...yes, '--identity', scenario.path('home', 'other.txt')], exit: 1, says: /opens none of it/ },
    { args: ['--yes', '--identity', key], exit: 8, says: /nobody has vouched for here\nhint: .*--trust KEY/ },
    { args: ['--yes', '--identity', key, '--trust', stranger], exit: 8, says: /nobody has vouched for here/ },
    { args: ['--yes', '--trust', 'ed25519:short'], exit: 2, says: /--trust takes a public signing key/ },
    { args: ['--identity', key, '--trust', sealed.trust], exit: 2, says: /not a terminal\nhint: .*--yes/ },
    { args: [...yes, '--identity', key, '--deployment', 'shop'], exit: 2, says: /holds no backup of shop/ },
    { args: [...yes, '--identity', key, '20010101'], exit: 3, says: /there is no backup 20010101 of edms/ },
    { args: [...yes, '--detach'], exit: 2, says: /--detach goes not with --from/ },
  ];
  for (const { args, exit, says } of tried) {
    const ended = await sealed.recover(args);
    expect({ args, exit: ended.exit, stderr: ended.stderr }).toMatchObject({
      exit,
      stderr: expect.stringMatching(says),
    });
  }
  expect(await filesThere()).toEqual(before);
  await expectUntouched(sealed);
});

it('one command brings back everything, also what was encrypted and sealed', async () => {
  const ended = await sealed.recover(['--identity', key, '--trust', sealed.trust, '--yes', '--json']);
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: ended.stderr });
  const answer = JSON.parse(ended.stdout);
  expect(answer).toMatchObject({
    deployment: 'edms',
    backup,
    outcome: 'restored',
    config: sealed.config,
    roles: ['app_owner', 'app_reader'],
  });
  expect(await sealed.live()).toEqual(sealed.old);
  expect(ended.stderr).toContain(
    'this configuration makes holdfast run:\n  edms hook afterRestore: /nowhere/migrate --all\n',
  );
  expect(answer.left).toEqual([
    expect.stringContaining('set the password of the role app_owner'),
    expect.stringContaining('set the password of the role app_reader'),
    expect.stringContaining(`restored-${backup}`),
    'then run, since nobody has: /nowhere/migrate --all',
    'look whether all is well: holdfast doctor edms',
    `serve it from now on, with ${sealed.config}: holdfast up`,
    expect.stringContaining('--take-over'),
  ]);
  await expectNothingLeft(scenario, [scenario.path('edms', 'storage'), scenario.path('edms')]);
});

it('sealed secrets are private files, and the configuration leads to them and to the key', async () => {
  const yaml = await readFile(sealed.config, 'utf8');
  const [, file = ''] = /password: file:(\S+)/.exec(yaml) ?? [];
  expect(file).toContain(`${scenario.path('holdfast-secrets')}/`);
  expect(await readFile(file, 'utf8')).toBe(`${sealed.cluster.password}\n`);
  const [, hook = ''] = /secret: file:(\S+)/.exec(yaml) ?? [];
  expect(await readFile(hook, 'utf8')).toBe('signs what is sent\n');
  for (const [path, mode] of [
    [file, 0o600],
    [hook, 0o600],
    [scenario.path('holdfast-secrets'), 0o700],
    [sealed.config, 0o600],
  ] as const)
    expect((await lstat(path)).mode & 0o777).toBe(mode);
  expect(yaml).toContain(`identity: file:${key}`);
  expect(yaml).toContain(sealed.trust);
  expect(yaml).not.toContain(sealed.cluster.password);
});

it('a second time, holdfast.yaml stays as somebody edited it, and roles that are there stay as they are', async () => {
  await sealed.cluster.query('postgres', `comment on role app_reader is 'mine'`);
  const edited = `# mine\n${await readFile(sealed.config, 'utf8')}`;
  await writeFile(sealed.config, edited);
  const ended = await sealed.recover([
    'edms',
    backup.slice(0, 15),
    '--identity',
    key,
    '--trust',
    sealed.trust,
    '--yes',
  ]);
  expect({ exit: ended.exit, stderr: ended.stderr }).toEqual({ exit: 0, stderr: ended.stderr });
  expect(ended.stderr).toContain(`${sealed.config} is there already: it stays as it is, and is used`);
  expect(await readFile(sealed.config, 'utf8')).toBe(edited);
  expect(await sealed.live()).toEqual(sealed.old);
  const [role] = await sealed.cluster.query(
    'postgres',
    `select shobj_description(oid, 'pg_authid') as comment from pg_roles where rolname = 'app_reader'`,
  );
  expect(role).toEqual({ comment: 'mine' });
});
