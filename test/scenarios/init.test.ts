// holdfast init from outside: in a folder with an application's .env and its media, and on a terminal.
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { holdfast } from '../support/scenario-commands.js';
import { CTRL_C, DOWN, ENTER, openTerminal } from '../support/terminal.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
await cluster.query('postgres', 'create database shop');
await cluster.query(
  'shop',
  'create table item as select n as id, md5(n::text) as name from generate_series(1, 500) n',
);

afterAll(async () => {
  await scenario.remove();
  await cluster.stop();
});

const BINARY = fileURLToPath(new URL('../../bin/holdfast.js', import.meta.url));
const PLACES = ['--state', scenario.state, '--repository', scenario.repository];
const url = { DATABASE_URL: cluster.url('shop') };

const shop = async (name: string): Promise<string> => {
  const folder = scenario.path(name);
  await mkdir(scenario.path(name, 'media', 'photos'), { recursive: true });
  await writeFile(scenario.path(name, 'media', 'photos', 'one.txt'), 'a photo\n'.repeat(500));
  await writeFile(scenario.path(name, '.env'), `SECRET_KEY=abc\nDATABASE_URL=${url.DATABASE_URL}\n`, {
    mode: 0o600,
  });
  return folder;
};

it('writes a file by which backup and drill work, from an .env and a media folder, without a question', async () => {
  const cwd = await shop('shop');
  const config = `${cwd}/holdfast.yaml`;
  const made = await holdfast(scenario, ['init', '--yes', '--json', ...PLACES], { cwd, config: null });
  expect(made).toMatchObject({ exit: 0 });
  expect(JSON.parse(made.stdout)).toMatchObject({
    config,
    deployment: 'shop',
    database: { kind: 'url', url: 'env:DATABASE_URL' },
    files: [{ name: 'media', path: `${cwd}/media` }],
    environment: { name: 'DATABASE_URL', file: `${cwd}/.env` },
    fillIn: [],
    ready: true,
    space: { kept: 23, files: { files: 1, bytes: 4000 }, unknown: [] },
  });
  const text = await readFile(config, 'utf8');
  expect(text).not.toContain(cluster.password);
  expect((await lstat(config)).mode & 0o777).toBe(0o600);

  const how = { cwd, config: null, env: url };
  const backup = await holdfast(scenario, ['backup', 'shop', '--json'], how);
  expect(backup).toMatchObject({ exit: 0 });
  expect(JSON.parse(backup.stdout)).toMatchObject({ databases: [{ rows: 500 }], trees: [{ name: 'media' }] });
  const drill = await holdfast(scenario, ['drill', 'shop', '--json'], how);
  expect(drill).toMatchObject({ exit: 0 });
  expect(JSON.parse(drill.stdout)).toMatchObject({ rows: 500, files: 1 });

  const again = await holdfast(scenario, ['init', '--yes', ...PLACES], { cwd, config: null });
  expect(again).toMatchObject({
    exit: 2,
    stderr: expect.stringContaining('is there already; it stays as it is'),
  });
  expect(await readFile(config, 'utf8')).toBe(text);
});

it('a key that an interrupted one has left is taken up, and one that is no key is refused and stays', async () => {
  const cwd = await shop('again');
  const key = `${cwd}/holdfast-key.txt`;
  const how = { cwd, config: null };
  await writeFile(key, 'no key\n', { mode: 0o600 });
  const refused = await holdfast(scenario, ['init', '--yes', '--encrypt', ...PLACES], how);
  expect(refused).toMatchObject({ exit: 2, stderr: expect.stringContaining(key) });
  expect(await readdir(cwd)).toEqual(['.env', 'holdfast-key.txt', 'media']);
  await rm(key);
  const made = await holdfast(scenario, ['keys', 'new', '--output', key], how);
  const taken = await holdfast(scenario, ['init', '--yes', '--encrypt', ...PLACES], how);
  expect(taken).toMatchObject({
    exit: 0,
    stderr: expect.stringContaining(`${key} was there already: backups are encrypted to that key`),
  });
  expect(await readFile(`${cwd}/holdfast.yaml`, 'utf8')).toContain(made.stdout.trim());
});

it('without a terminal and without --yes it says what is missing, and writes nothing', async () => {
  const cwd = await shop('script');
  const { exit, stderr } = await holdfast(scenario, ['init'], { cwd, config: null });
  expect(exit).toBe(2);
  expect(stderr).toMatch(/nobody is there to be asked.*\nhint: add --yes/);
  expect(await readdir(cwd)).toEqual(['.env', 'media']);
});

const terminal = (cwd: string) =>
  openTerminal([process.execPath, BINARY, 'init', '--state', scenario.state], {
    cwd,
    env: { USER: scenario.user, NO_COLOR: '1' },
  });

const QUESTIONS: readonly (readonly [RegExp, string])[] = [
  [/Which database\?/, ENTER],
  [/What is it called\?/, ENTER],
  [/Which of these belong to it\?/, ENTER],
  [/folder that belongs to it\?/, ENTER],
  [/Where do backups go\?/, `\x15${scenario.path('elsewhere')}${ENTER}`],
  [/When are backups made/, ENTER],
  [/Who hears of trouble\?/, `ops@example.com${ENTER}`],
  [/Encrypt backups\?/, ENTER],
  [/Write .*holdfast\.yaml\?/, ENTER],
];

it('answers on a terminal end in a file, a key, a first backup and the proof that it restores', async () => {
  const cwd = await shop('asked');
  const asked = terminal(cwd);
  for (const [question, keys] of QUESTIONS) await asked.answer(question, keys);
  await asked.answer(/What keeps it running\?/, `${DOWN}${ENTER}`);
  await asked.answer(/Make the first backup now\?/, ENTER);
  await asked.answer(/Prove that it restores/, ENTER, 120_000);
  expect(await asked.exit).toBe(0);
  expect(asked.shown()).toMatch(/restored \S+ of asked, and it is what was backed up/);
  const text = await readFile(`${cwd}/holdfast.yaml`, 'utf8');
  expect(text).toContain(`identity: file:${cwd}/holdfast-key.txt`);
  expect(text).toContain('to: ops@example.com');
  expect(await readFile(`${cwd}/holdfast.service`, 'utf8')).toContain(
    `ExecStart=/usr/bin/env holdfast up --config ${cwd}/holdfast.yaml\nEnvironmentFile=${cwd}/.env\n`,
  );
}, 240_000);

it.each([0, 2, 4, QUESTIONS.length - 1])('Ctrl-C after %i answers leaves nothing behind', async (index) => {
  const cwd = await shop(`broken-${index}`);
  const asked = terminal(cwd);
  for (const [question, keys] of QUESTIONS.slice(0, index)) await asked.answer(question, keys);
  await asked.answer(QUESTIONS[index]?.[0] ?? /never/, CTRL_C);
  expect(await asked.exit).toBe(130);
  expect(asked.shown()).toContain('nothing was written');
  expect(await readdir(cwd)).toEqual(['.env', 'media']);
});
