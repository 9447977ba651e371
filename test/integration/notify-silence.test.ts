// What no run can tell itself: that it was cut off, and that there was none.
import { expect, test as it, onTestFinished } from 'vitest';
import { lookAtNotifiers } from '../../src/activities/doctor/notify.js';
import type { Happening } from '../../src/domain/events.js';
import {
  endId,
  noteOpenRun,
  type OpenRun,
  type RunEnd,
  readOpenRuns,
  tellLostRuns,
} from '../../src/operations/notify/open-runs.js';
import { tellOverdue } from '../../src/operations/notify/overdue.js';
import { notifyWorld } from '../support/notify-world.js';
import { postedPage } from '../support/posted-page.js';

const RUN: Omit<OpenRun, 'version'> = {
  holder: {
    ...{ workflowId: 'holdfast.edms.backup', firstRunId: '5b1f2c1e-8a64-4c4e-9c53-0d6f0b1d7a11' },
    ...{ temporal: 'embedded', namespace: 'holdfast' },
  },
  ...{ deployment: 'edms', what: 'backup', tier: 'daily' },
};

const listening = () => {
  const told: Happening[] = [];
  return {
    told,
    tell: async (happening: Happening) => {
      told.push(happening);
    },
  };
};

it.each([
  [{ state: 'closed', well: false, cause: 'it was terminated' }, 'failed'],
  [{ state: 'closed', well: true, cause: '' }, 'succeeded'],
] satisfies [RunEnd, string][])('a run that could not tell its end is told of: %j', async (end, kind) => {
  const { state, now } = await notifyWorld(() => []);
  const { told, tell } = listening();
  await noteOpenRun(state, RUN);
  await tellLostRuns({ state, tell, now, runEnd: async () => end });
  expect(told).toEqual([
    expect.objectContaining({
      ...{ id: endId(RUN.holder.firstRunId), kind, deployment: 'edms', what: 'backup', tier: 'daily' },
      cause: end.state === 'closed' ? end.cause : '',
    }),
  ]);
  expect(await readOpenRuns(state)).toEqual([]);
});

it('one that is open, or whose Temporal does not answer, is left to tell it itself', async () => {
  const { state, now } = await notifyWorld(() => []);
  const { told, tell } = listening();
  await noteOpenRun(state, RUN);
  for (const end of ['open', 'unknown'] as const)
    await tellLostRuns({ state, tell, now, runEnd: async () => ({ state: end }) });
  expect(told).toEqual([]);
  expect(await readOpenRuns(state)).toHaveLength(1);
});

it('one of a Temporal that this agent no longer serves is given up after a day', async () => {
  const world = await notifyWorld(() => []);
  const { told, tell } = listening();
  await noteOpenRun(world.state, RUN);
  const watch = { ...world, tell, runEnd: async (): Promise<RunEnd> => ({ state: 'elsewhere' }) };
  await tellLostRuns(watch);
  expect(await readOpenRuns(world.state)).toHaveLength(1);
  world.later(25 * 3_600_000);
  await tellLostRuns(watch);
  expect(told).toEqual([
    expect.objectContaining({
      kind: 'failed',
      cause: expect.stringContaining('another Temporal (embedded)'),
    }),
  ]);
  expect(await readOpenRuns(world.state)).toEqual([]);
});

it('a tier without its backup is overdue once for each moment, and not while one is made', async () => {
  const world = await notifyWorld(() => [{ command: ['true'] }]);
  const { told, tell } = listening();
  const host = { state: world.state, tell, now: world.now };
  await tellOverdue(world.config, host);
  expect(told).toEqual([]);
  world.later(30 * 3_600_000);
  await noteOpenRun(world.state, RUN);
  await tellOverdue(world.config, host);
  expect(told).toEqual([]);
  await tellLostRuns({
    ...host,
    tell: async () => {},
    runEnd: async () => ({ state: 'closed', well: true, cause: '' }),
  });
  await tellOverdue(world.config, host);
  await tellOverdue(world.config, host);
  const [first] = told;
  expect(first).toMatchObject({ kind: 'overdue', deployment: 'edms', what: 'backup', tier: 'daily' });
  expect(first?.id).toMatch(/^overdue-edms-daily-\d{8}02000+$/);
  expect(first?.cause).toMatch(
    /^it was due at \d{4}-\d\d-\d\d 02:00 UTC and was not there \d+ minutes later; there never was one$/,
  );
  expect(new Set(told.map(({ id }) => id)).size).toBe(1);
});

it('doctor says when nobody is told, when nobody elsewhere would notice silence, and who cannot be told', async () => {
  const page = await postedPage();
  onTestFinished(() => page.close());
  page.answer(500);
  const said = async (world: Awaited<ReturnType<typeof notifyWorld>>): Promise<string[]> => {
    const { edms } = world.config.deployments;
    if (edms === undefined) throw new Error('no deployment');
    return (await lookAtNotifiers(world.config, edms)).map(({ level, message }) => `${level}: ${message}`);
  };
  expect(await said(await notifyWorld(() => []))).toEqual(['warning: nobody is told when a backup fails']);
  const here = await notifyWorld((secret) => [{ ping: secret(`${page.url}/check`) }]);
  const silence =
    'warning: nothing outside this host would notice if it fell silent: nobody hears of a backup that is never tried';
  expect(await said(here)).toEqual([silence]);
  const teller = here.teller();
  await teller.tell({
    ...{ id: 'end-1', kind: 'failed', deployment: 'edms', what: 'backup', tier: 'daily', run: null },
    ...{ at: new Date().toISOString(), cause: 'x', hint: '', log: '' },
  });
  await teller.deliver();
  expect(await said(here)).toEqual([
    expect.stringMatching(
      /^warning: notifier ping 1 has been failing since .* UTC, 1 waiting: ping 1: 127\.0\.0\.1:\d+ answered 500$/,
    ),
    silence,
  ]);
  const elsewhere = await notifyWorld((secret) => [{ ping: secret('https://hc.example.com/0f0f') }]);
  expect(await said(elsewhere)).toEqual(['ok: ping 1: hc.example.com expects a sign of life of each backup']);
  const unset = await notifyWorld(() => [{ ping: 'env:HOLDFAST_NO_SUCH_PING' }]);
  expect(await said(unset)).toEqual([
    'problem: notify[0].ping: the environment variable HOLDFAST_NO_SUCH_PING is not set',
  ]);
  const unscheduled = await notifyWorld(() => [], { tiers: { daily: { keep: 3, schedule: '0 2 * * *' } } });
  unscheduled.config.routines = {};
  expect(await said(unscheduled)).toEqual([]);
});
