// What runs by itself, seen from the outside: applied by up, triggered and backfilled as in the UI, paused, held back from commands.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { answerOf, backUp, holdfast, serve } from '../support/scenario-commands.js';
import { processesOf } from '../support/scenario-processes.js';
import { temporal } from '../support/temporal-outside.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
await mkdir(scenario.path('storage'));
await writeFile(scenario.path('storage', 'document'), 'a document');
const DAILY = { schedule: '30 4 * * *', keep: 7, jitter: 'none' };

const configure = (tiers: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  scenario.configure(
    {
      edms: {
        files: { storage: scenario.path('storage') },
        tiers,
        verify: 'never',
        drill: { schedule: 'never' },
        ...more,
      },
    },
    { timezone: 'Europe/Zurich' },
  );

await configure({ daily: DAILY, monthly: { from: 'daily', keep: 12 } });
let up = await serve(scenario);
afterAll(async () => {
  await up.stop();
  await scenario.remove();
  await cluster.stop();
});

const SCHEDULE = 'holdfast.default.edms.daily';

interface Listed {
  name: string;
  state: string;
  paused: boolean;
  reason: string;
  next: string[];
  last: { run: string; outcome: string } | null;
}

const listed = () => answerOf<Listed[]>(scenario, ['schedules', 'list']);
const backups = () => answerOf<{ backup: string; tiers: string[] }[]>(scenario, ['list', 'edms']);
const momentOf = async (backup: string): Promise<unknown> =>
  (await answerOf(scenario, ['show', 'edms', backup])).scheduledFor;

const eventually = <T>(check: () => Promise<T>): Promise<T> =>
  vi.waitFor(check, { timeout: 60_000, interval: 200 });

it('up makes the schedules, and says what it did', async () => {
  await up.says(/schedules applied: 1 created/);
  expect(await listed()).toMatchObject([
    {
      name: 'daily',
      state: 'as configured',
      paused: false,
      last: null,
      next: [1, 2, 3].map(() => expect.stringMatching(/T0[23]:30/)),
    },
  ]);
});

it('Trigger makes a backup of the tier, which takes no scheduled one’s place', async () => {
  expect((await temporal(scenario.state, 'schedule', 'trigger', '-s', SCHEDULE)).exit).toBe(0);
  const [made] = await eventually(async () => {
    const there = await backups();
    expect(there).toHaveLength(1);
    return there;
  });
  expect(made?.tiers).toEqual(['daily']);
  expect(await momentOf(String(made?.backup))).toBeNull();
});

it('a moment that was missed is made up for, and its backup says which it was', async () => {
  const [start, end] = ['2026-01-10T03:29:00Z', '2026-01-10T03:31:00Z'];
  await temporal(
    scenario.state,
    'schedule',
    'backfill',
    '-s',
    SCHEDULE,
    '--start-time',
    start,
    '--end-time',
    end,
  );
  const [newest] = await eventually(async () => {
    const there = await backups();
    expect(there).toHaveLength(2);
    return there;
  });
  expect(await momentOf(String(newest?.backup))).toBe('2026-01-10T03:30:00.000Z');
  const [daily] = await eventually(async () => {
    const now = await listed();
    expect(now[0]?.last?.outcome).toBe('completed');
    return now;
  });
  expect(daily?.last?.run).toMatch(/^holdfast\.edms\.backup\.daily-2026/);
});

it('a tier that nobody configured, or that makes none, is refused with the known ones', async () => {
  const refused = await holdfast(scenario, ['backup', 'edms', '--tier', 'nightly']);
  expect(refused.exit).toBe(2);
  expect(refused.stderr).toMatch(/error: edms has no tier nightly in .*\nhint: known tiers: daily, manual\n/);
  const kept = await holdfast(scenario, ['backup', 'edms', '--tier', 'monthly']);
  expect(kept.stderr).toContain('error: monthly has no backups of its own: it keeps those of daily\n');
});

it('a pause outlives a changed configuration and the next up, and status says it', async () => {
  await holdfast(scenario, ['schedules', 'pause', 'edms', 'daily', '--reason', 'moving house']);
  await up.stop();
  await configure({ daily: { ...DAILY, schedule: '30 5 * * *' }, weekly: { keep: 4 } });
  up = await serve(scenario);
  await up.says(/schedules applied: 1 created, 1 changed/);
  expect(await listed()).toMatchObject([
    { name: 'daily', state: 'as configured', paused: true, reason: 'moving house', next: [] },
    { name: 'weekly', state: 'as configured', paused: false },
  ]);
  await eventually(async () => {
    const { stdout } = await holdfast(scenario, ['status', 'edms']);
    expect(stdout).toMatch(/warning +daily is paused, for .*: moving house\n/);
  });
  await holdfast(scenario, ['schedules', 'resume']);
  expect((await listed()).map(({ paused }) => paused)).toEqual([false, false]);
});

it('apply --dry-run says what it would do, apply does it, and then there is nothing to do', async () => {
  await configure({ daily: DAILY });
  const changes = (...more: string[]) =>
    answerOf<{ id: string; change: string }[]>(scenario, ['schedules', 'apply', ...more]);
  const wanted = [
    { id: SCHEDULE, change: 'update', differences: [] },
    { id: 'holdfast.default.edms.weekly', change: 'remove', differences: [] },
  ];
  expect(await changes('--dry-run')).toEqual(wanted);
  expect(await changes()).toEqual(wanted);
  expect(await changes()).toEqual([{ id: SCHEDULE, change: 'equal', differences: [] }]);
});

it('a restore cancels a scheduled backup that is at work, and both say so', async () => {
  await configure({ daily: DAILY }, { hooks: { beforeBackup: [['sleep', '60']] } });
  const before = await backups();
  const [start, end] = ['2026-01-11T03:29:00Z', '2026-01-11T03:31:00Z'];
  await temporal(
    scenario.state,
    ...['schedule', 'backfill', '-s', SCHEDULE, '--start-time', start, '--end-time', end],
  );
  await eventually(async () => expect((await listed())[0]?.last?.outcome).toBe('running'));
  const record = () => readFile(join(scenario.state, 'operations', 'edms.json'), 'utf8');
  const { backup } = JSON.parse(await eventually(record));
  const { exit, stderr } = await holdfast(scenario, ['restore', 'edms', '--confirm', 'edms']);
  expect({ exit, stderr }).toEqual({
    exit: 0,
    stderr: expect.stringContaining(`make way: the scheduled backup ${backup} is cancelled`),
  });
  expect(stderr).toContain(
    `the scheduled backup ${backup}, which is being made, is cancelled when it is approved`,
  );
  expect((await listed())[0]?.last?.outcome).toBe('cancelled');
  expect(await backups()).toHaveLength(before.length);
  await configure({ daily: DAILY });
});

it('without up, a command’s own server starts nothing, and schedules says that nothing runs', async () => {
  await up.stop();
  const before = (await backups()).length;
  await backUp(scenario);
  expect(await backups()).toHaveLength(before + 1);
  await eventually(async () => expect(await processesOf(scenario.user)).toEqual([]));
  const { exit, stderr } = await holdfast(scenario, ['schedules', 'pause']);
  expect(exit).toBe(9);
  expect(stderr).toContain('hint: start it: holdfast up');
  expect(await listed()).toMatchObject([{ name: 'daily', state: 'no server' }]);
  up = await serve(scenario);
  await eventually(async () =>
    expect(await listed()).toMatchObject([{ name: 'daily', state: 'as configured' }]),
  );
});
