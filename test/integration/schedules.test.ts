import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { Connection, Client as TemporalClient } from '@temporalio/client';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { listedSchedules } from '../../src/cli/schedules/schedule-facts.js';
import { clockChanges, oddMoments } from '../../src/domain/clock-changes.js';
import { isMoment, momentsAfter } from '../../src/domain/moments.js';
import type { Routine } from '../../src/domain/tiers.js';
import { applySchedules, compareSchedules } from '../../src/temporal/apply-schedules.js';
import { ensureEmbeddedServer, stopEmbeddedServer } from '../../src/temporal/embedded-server.js';
import { pausedSchedules } from '../../src/temporal/paused-schedules.js';
import { removeState, temporaryState } from '../support/embedded-server.js';
import { routine, tier } from '../support/routines.js';

let state: string;
let connection: Connection;
let client: Client;
/** Every test has an agent of its own, and so schedules of its own. */
let agent = '';
let tests = 0;

const connect = async (address: string): Promise<void> => {
  connection = await Connection.connect({ address });
  client = new TemporalClient({ connection, namespace: 'holdfast' });
};

beforeAll(async () => {
  state = await temporaryState();
  await connect((await ensureEmbeddedServer(state)).address);
});
beforeEach(() => {
  tests += 1;
  agent = `test-${tests}`;
});
afterAll(async () => {
  await connection.close();
  await removeState(state);
});

const configOf = (edms: Routine, timezone = 'Europe/Zurich') => ({ agent, timezone, routines: { edms } });

const look = (config: ReturnType<typeof configOf>) => compareSchedules(client, config);

const verdicts = async (config: ReturnType<typeof configOf>) =>
  Object.fromEntries((await look(config)).map(({ id, verdict }) => [id.split('.').at(-1), verdict]));

const apply = async (config: ReturnType<typeof configOf>, mend = false) =>
  applySchedules(client, await look(config), { mend });

const handle = (name: string) => client.schedule.getHandle(`holdfast.${agent}.edms.${name}`);

const DAILY = tier('daily', '0 2 * * *', { jitterMs: 120_000 });

test('what is configured is made, and then it is equal', async () => {
  const config = configOf(
    routine(
      [DAILY, tier('work', '*/20 8-17 * jan,mar mon-fri'), tier('monthly', '0 4 1 * *', { from: 'daily' })],
      {
        verify: { schedule: '30 5 * * 6', catchUpMs: 86_400_000, jitterMs: 0 },
        drill: { timed: { schedule: '0 5 * * 0', catchUpMs: 60_000, jitterMs: 1_500 }, maxAgeMs: 1 },
      },
    ),
  );
  expect(await verdicts(config)).toEqual({
    daily: 'create',
    work: 'create',
    verify: 'create',
    drill: 'create',
  });
  await apply(config);
  expect(await verdicts(config)).toEqual({ daily: 'equal', work: 'equal', verify: 'equal', drill: 'equal' });
  const before = (await handle('work').describe()).info.lastUpdatedAt;
  await apply(config);
  expect((await handle('work').describe()).info.lastUpdatedAt).toEqual(before);
  const { spec, policies, action } = await handle('daily').describe();
  expect(spec).toMatchObject({ timezone: 'Europe/Zurich', jitter: 120_000 });
  expect(policies).toEqual({ overlap: 'BUFFER_ONE', catchupWindow: 3_600_000, pauseOnFailure: false });
  expect(action).toMatchObject({
    workflowType: 'backup',
    workflowId: 'holdfast.edms.backup.daily',
    taskQueue: `holdfast.${agent}`,
    args: [{ deployment: 'edms', tier: 'daily' }],
  });
});

const nextTimes = async (name: string) => (await handle(name).describe()).info.nextActionTimes;

test('the server plans the very moments that were written', async () => {
  const schedules = { leap: '0 2 29 feb *', work: '*/20 8-17/3 * jan,mar mon-fri', late: '59 23 * * 7' };
  await apply(configOf(routine(Object.entries(schedules).map(([name, schedule]) => tier(name, schedule)))));
  for (const [name, schedule] of Object.entries(schedules)) {
    const expected = momentsAfter({ schedule, timezone: 'Europe/Zurich' }, new Date(), 2);
    expect((await nextTimes(name)).slice(0, 2)).toEqual(expected);
  }
});

test('a local time that does not exist has no run, and one that comes twice has one at least: each is a moment', async () => {
  const odd = oddMoments('30 2 * * *', clockChanges('Europe/Zurich', new Date(), 366));
  const nights = odd.map(({ kind, local }) => {
    const [, month, day] = /^\d+-(\d+)-(\d+)/.exec(local)?.map(Number) ?? [];
    return { kind, year: local.slice(0, 4), schedule: `30 2 ${day} ${month} *` };
  });
  expect(nights.map(({ kind }) => kind).sort()).toEqual(['missing', 'twice']);
  await apply(configOf(routine(nights.map(({ kind, schedule }) => tier(kind, schedule)))));
  for (const { kind, year, schedule } of nights) {
    const times = (await nextTimes(kind)).filter((time) => time.toISOString().startsWith(year));
    expect(times.length > 0).toBe(kind === 'twice');
    expect(times.every((time) => isMoment({ schedule, timezone: 'Europe/Zurich' }, time))).toBe(true);
  }
});

test('a change of the configuration is applied once, and a pause outlives it', async () => {
  await apply(configOf(routine([DAILY])));
  await handle('daily').pause('moving house');
  const changed = configOf(routine([tier('daily', '0 3 * * *')]), 'UTC');
  expect(await verdicts(changed)).toEqual({ daily: 'update' });
  await apply(changed);
  expect(await verdicts(changed)).toEqual({ daily: 'equal' });
  const { spec, state: now } = await handle('daily').describe();
  expect(spec.calendars).toHaveLength(1);
  expect(spec.calendars?.[0]?.hour).toEqual([{ start: 3, end: 3, step: 1 }]);
  expect(now).toMatchObject({ paused: true, note: 'moving house' });
});

test('what somebody edited is named and left, until it is asked for', async () => {
  const config = configOf(routine([DAILY]));
  await apply(config);
  await handle('daily').update((previous) => ({
    ...previous,
    spec: { ...previous.spec, timezone: 'Asia/Tokyo' },
    policies: { ...previous.policies, overlap: 'SKIP' },
  }));
  const [found] = await look(config);
  expect(found).toMatchObject({
    verdict: 'drifted',
    differences: [
      'timezone is Asia/Tokyo instead of Europe/Zurich',
      'overlap policy is SKIP instead of BUFFER_ONE',
    ],
  });
  await apply(config);
  expect(await verdicts(config)).toEqual({ daily: 'drifted' });
  await apply(config, true);
  expect(await verdicts(config)).toEqual({ daily: 'equal' });
});

test('somebody else’s schedule is never touched, whatever it is called', async () => {
  const scheduleId = `holdfast.${agent}.edms.daily`;
  await client.schedule.create({
    scheduleId,
    spec: { intervals: [{ every: '1h' }] },
    action: { type: 'startWorkflow', workflowType: 'other', taskQueue: 'other', args: [] },
  });
  const config = configOf(routine([DAILY]));
  expect(await verdicts(config)).toEqual({ daily: 'foreign' });
  await apply(config, true);
  expect((await client.schedule.getHandle(scheduleId).describe()).action.workflowType).toBe('other');
  await listedAs(scheduleId);
  await apply(configOf(routine([])), true);
  expect((await client.schedule.getHandle(scheduleId).describe()).action.workflowType).toBe('other');
});

test('a tier that is gone takes its schedule with it', async () => {
  await apply(configOf(routine([DAILY, tier('weekly', '0 3 * * 0')])));
  await listedAs(`holdfast.${agent}.edms.weekly`);
  const without = configOf(routine([DAILY]));
  expect(await verdicts(without)).toEqual({ daily: 'equal', weekly: 'remove' });
  await apply(without);
  await expect(handle('weekly').describe()).rejects.toThrow(/not found/i);
  expect((await handle('daily').describe()).action.workflowType).toBe('backup');
});

test('a server that only serves commands starts nothing; what it missed is made once by the next one that may', async () => {
  await apply(configOf(routine([DAILY])));
  const often = {
    calendars: [{ second: { start: 0, end: 50, step: 10 }, minute: '*' as const, hour: '*' as const }],
  };
  await handle('daily').update((previous) => ({ ...previous, spec: often }));
  const started = async (): Promise<string[]> => {
    const ids: string[] = [];
    const query = `TaskQueue = 'holdfast.${agent}'`;
    for await (const { workflowId } of client.workflow.list({ query })) ids.push(workflowId);
    return ids;
  };
  const { nextActionTimes } = (await handle('daily').describe()).info;
  const [next = new Date(0)] = nextActionTimes;
  await connection.close();
  await connect((await ensureEmbeddedServer(state, { schedules: false })).address);
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(next.getTime() + 2_000), { timeout: 60_000 });
  expect(await started()).toEqual([]);
  await connection.close();
  await stopEmbeddedServer(state);
  await connect((await ensureEmbeddedServer(state)).address);
  const missed = `holdfast.edms.backup.daily-${next.toISOString().replace('.000', '')}`;
  await vi.waitFor(async () => expect(await started()).toEqual([missed]), { timeout: 60_000, interval: 200 });
});

test('a server that was away over several moments makes up for the last one alone, and names the others as missed', async () => {
  await apply(configOf(routine([DAILY])));
  const every15 = {
    calendars: [{ second: { start: 0, end: 45, step: 15 }, minute: '*' as const, hour: '*' as const }],
  };
  await handle('daily').update((previous) => ({
    ...previous,
    spec: every15,
    policies: { ...previous.policies, catchupWindow: '12s' },
  }));
  const [first = new Date(0)] = (await handle('daily').describe()).info.nextActionTimes;
  await connection.close();
  await stopEmbeddedServer(state);
  const second = new Date(first.getTime() + 15_000);
  await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(second.getTime() + 1_000), { timeout: 40_000 });
  await connect((await ensureEmbeddedServer(state)).address);
  const made = await vi.waitFor(
    async () => {
      const { info } = await handle('daily').describe();
      expect(info.recentActions).not.toEqual([]);
      return info;
    },
    { timeout: 60_000, interval: 200 },
  );
  expect(made.recentActions[0]?.scheduledAt).toEqual(second);
  expect(made.numActionsMissedCatchupWindow).toBe(1);
  expect(await listedSchedules(client, configOf(routine([DAILY])))).toMatchObject([
    { name: 'daily', missed: 1, skipped: 0, last: { outcome: 'running', waits: 'no agent answers' } },
  ]);
});

test('what is paused is seen in one look, with the reason, and what is no longer is not', async () => {
  const config = configOf(routine([DAILY, tier('weekly', '0 3 * * 0')]));
  await apply(config);
  const seen = (wanted: object[]) =>
    vi.waitFor(async () => expect(await pausedSchedules(client, config)).toEqual(wanted), {
      timeout: 60_000,
    });
  await seen([]);
  await handle('weekly').pause('moving house');
  await seen([{ deployment: 'edms', name: 'weekly', note: 'moving house' }]);
  await handle('weekly').unpause();
  await seen([]);
});

test('a schedule that the server lost with its state is made again, paused by nobody, and twice applied it is one', async () => {
  const config = configOf(routine([DAILY]));
  await apply(config);
  await connection.close();
  await stopEmbeddedServer(state);
  await rm(join(state, 'temporal'), { recursive: true });
  await connect((await ensureEmbeddedServer(state)).address);
  expect(await verdicts(config)).toEqual({ daily: 'create' });
  await Promise.all([apply(config), apply(config)]);
  expect(await verdicts(config)).toEqual({ daily: 'equal' });
  await listedAs(`holdfast.${agent}.edms.daily`);
  const ids: string[] = [];
  for await (const { scheduleId } of client.schedule.list()) ids.push(scheduleId);
  expect(ids).toEqual([`holdfast.${agent}.edms.daily`]);
});

const listedAs = (id: string): Promise<void> =>
  vi.waitFor(
    async () => {
      const ids: string[] = [];
      for await (const { scheduleId } of client.schedule.list()) ids.push(scheduleId);
      expect(ids).toContain(id);
    },
    { timeout: 60_000, interval: 100 },
  );
