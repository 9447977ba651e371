// compose.yaml and .env: stored with every backup, put beside by a restore, never swapped in.
import { chmod, lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, expect, it } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { answerOf, backUp, holdfast, restore, serve } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
const home = scenario.path('edms');
const app = await application('edms', {
  settings: {
    files: {
      storage: join(home, 'storage'),
      project: { path: home, include: ['compose.yaml', '.env', 'conf/*.conf'], restore: 'aside' },
    },
  },
});
const whole = scenario.path('plain');
await application('plain', {
  databases: [],
  trees: [],
  settings: { files: { all: { path: whole, restore: 'aside' } } },
});
const up = await serve(scenario);

afterEach(() => expectNothingLeft(scenario, [...app.trees, home, whole]));
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const writeProject = async (words: string): Promise<void> => {
  await mkdir(join(home, 'conf'), { recursive: true });
  await writeFile(join(home, 'compose.yaml'), `services: {} # ${words}\n`);
  await writeFile(join(home, '.env'), `KEY=${words}\n`);
  await chmod(join(home, '.env'), 0o600);
  await writeFile(join(home, 'conf', 'web.conf'), words);
  await writeFile(join(home, 'conf', 'not this'), words);
};

const contents = (folder: string) => readFile(join(folder, '.env'), 'utf8');
const namesIn = async (folder: string) => (await readdir(folder, { recursive: true })).sort();

it('only what is named is stored, and a restore puts it into a folder named after the backup', async () => {
  await writeProject('old');
  const old = await app.live();
  const backup = await backUp(scenario);
  await app.work();
  await writeProject('new');
  const result = await restore(scenario, backup);
  const beside = join(home, `restored-${backup}`);
  expect(result).toMatchObject({ trees: ['storage', 'project'], aside: [{ tree: 'project', path: beside }] });
  expect(await app.live()).toEqual(old);
  expect(await contents(home)).toBe('KEY=new\n');
  expect(await contents(beside)).toBe('KEY=old\n');
  expect(await namesIn(beside)).toEqual(['.env', 'compose.yaml', 'conf', 'conf/web.conf']);
  expect((await lstat(join(beside, '.env'))).mode & 0o777).toBe(0o600);
});

it('what was put aside is in no later backup, and a second restore takes another name', async () => {
  const backup = await backUp(scenario);
  const shown = await answerOf<{ trees: { name: string; entries: number }[] }>(scenario, [
    'show',
    'edms',
    backup,
  ]);
  expect(shown.trees.find(({ name }) => name === 'project')).toMatchObject({ entries: 5 });
  await restore(scenario, backup, 'edms', '--only', 'files.project');
  const again = await restore(scenario, backup, 'edms', '--only', 'files.project');
  expect(again.aside).toEqual([{ tree: 'project', path: join(home, `restored-${backup}-2`) }]);
  expect(again.previousUntil).toBe('');
  expect(await answerOf(scenario, ['verify', 'edms', backup, '--decode'])).toMatchObject({ ok: true });
});

it('an undo leaves what was put aside where it is', async () => {
  const backup = await backUp(scenario);
  await app.work();
  const worked = await app.live();
  await restore(scenario, backup);
  await answerOf(scenario, ['undo', 'edms', '--confirm', 'edms']);
  expect(await app.live()).toEqual(worked);
  expect(await namesIn(join(home, `restored-${backup}`))).toContain('.env');
});

it('a name that is written out and not there fails the backup, and doctor says it', async () => {
  await rm(join(home, '.env'));
  const { exit, stderr } = await holdfast(scenario, ['backup', 'edms']);
  expect(exit).toBe(1);
  expect(stderr).toContain(`error: there is no .env in ${home}\n`);
  const doctor = await holdfast(scenario, ['doctor', 'edms']);
  expect(doctor.stdout).toContain(`there is no .env in ${home}`);
  await writeProject('again');
});

it('a whole folder is put aside too, and no backup holds what was put aside in it', async () => {
  await mkdir(whole, { recursive: true });
  await writeFile(join(whole, 'a'), 'one');
  const first = await backUp(scenario, 'plain');
  await restore(scenario, first, 'plain');
  const second = await backUp(scenario, 'plain');
  await restore(scenario, second, 'plain');
  expect(await namesIn(join(whole, `restored-${second}`))).toEqual(['a']);
});
