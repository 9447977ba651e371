// What is kept and what goes, from the outside: by itself after each backup, with words, and never what somebody pinned.
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { afterAll, expect, it, vi } from 'vitest';
import type { PlannedRepository } from '../../src/cli/render/prune.js';
import type { PruneResult } from '../../src/domain/prune.js';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { answerOf, backUp, holdfast, serve } from '../support/scenario-commands.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
await mkdir(scenario.path('storage'));
await writeFile(scenario.path('storage', 'document'), 'a document');

const configure = (tiers: Record<string, unknown>) =>
  scenario.configure({
    edms: {
      files: { storage: scenario.path('storage') },
      ...{ tiers, verify: 'never', drill: { schedule: 'never' } },
    },
  });

// A moment that does not come while the test runs.
const YEARLY = { schedule: '0 5 29 2 *', keep: 1 };
await configure({ yearly: YEARLY });
let up = await serve(scenario);
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const held = async (): Promise<string[]> =>
  (await readdir(scenario.path('backups', 'edms'))).filter((name) => name.includes('-full-')).sort();
const eventually = (ids: readonly string[]) =>
  vi.waitFor(async () => expect(await held()).toEqual([...ids].sort()), { timeout: 60_000, interval: 100 });
const planned = async (...more: string[]): Promise<PlannedRepository | undefined> =>
  (await answerOf<PlannedRepository[]>(scenario, ['prune', 'edms', '--dry-run', ...more]))[0];

it('a backup ends with retention: of one moment the newest by hand stays, and what is pinned', async () => {
  const pinned = await backUp(scenario, 'edms', '--tier', 'yearly', '--pin');
  const first = await backUp(scenario, 'edms', '--tier', 'yearly');
  await eventually([pinned, first]);
  const second = await backUp(scenario, 'edms', '--tier', 'yearly');
  await eventually([pinned, second]);
  const { stdout } = await holdfast(scenario, ['status', 'edms', '--log']);
  expect(stdout).toMatch(new RegExp(`prune {2}removed .*${first}: yearly has ${second} of the same moment`));
});

it('says for each backup whether it goes, with nobody serving; what is pinned later stays too', async () => {
  const [pinned = '', newest = ''] = await held();
  await up.stop();
  await answerOf(scenario, ['unpin', 'edms', pinned]);
  expect((await planned())?.backups.map(({ backup, keep }) => [backup, keep])).toEqual([
    [newest, true],
    [pinned, false],
  ]);
  await answerOf(scenario, ['pin', 'edms', pinned.slice(0, 18)]);
  const { exit, stdout } = await holdfast(scenario, ['prune', 'edms', '--dry-run']);
  expect(exit).toBe(0);
  expect(stdout).toContain(`keep   ${pinned}  it is pinned`);
  expect(stdout).toContain(`keep   ${newest}  yearly keeps 1 moment, and this is number 1`);
  up = await serve(scenario);
  const pruned = await answerOf<PruneResult>(scenario, ['prune', 'edms']);
  expect(pruned.repositories).toMatchObject([{ repository: 'local', state: 'pruned', removed: 0, kept: 2 }]);
});

it('a tier that is no longer configured keeps what it has until it is dropped by name', async () => {
  const before = await held();
  await configure({ weekly: { keep: 4 } });
  expect((await planned())?.backups.every(({ keep }) => keep)).toBe(true);
  const [pinned = '', yearly = ''] = before;
  expect((await holdfast(scenario, ['prune', 'edms', '--drop-tier', 'weekly'])).exit).toBe(2);
  const weekly = await backUp(scenario, 'edms', '--tier', 'weekly');
  await answerOf(scenario, ['prune', 'edms', '--drop-tier', 'yearly']);
  await eventually([pinned, weekly]);
  expect(before).toContain(yearly);
});

it('more than half goes only when somebody insists: exit code 5 says so', async () => {
  const made = [];
  for (let night = 0; night < 3; night++) made.push(await backUp(scenario));
  await configure({ weekly: { keep: 4 }, manual: { keepFor: '1s' } });
  await answerOf(scenario, ['unpin', 'edms', (await held())[0] ?? '']);
  const before = await held();
  const stopped = await holdfast(scenario, ['prune', 'edms', '--drop-tier', 'yearly']);
  expect({ exit: stopped.exit, stdout: stopped.stdout }).toEqual({
    exit: 5,
    stdout: expect.stringContaining('3 of 5 backups would go, more than half of them'),
  });
  expect(await held()).toEqual(before);
  expect((await holdfast(scenario, ['prune', 'edms', '--drop-tier', 'yearly', '--force'])).exit).toBe(0);
  await eventually([before[1] ?? '', made[2] ?? '']);
});
