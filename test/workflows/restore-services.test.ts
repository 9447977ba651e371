import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { until } from './fake-activities.js';
import { gate } from './gate.js';
import { AROUND_RESTORE, planningRestore, restoreOf, SERVICES } from './planned.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const AROUND = ['lookAtHealth', 'stopServices', 'runAfterRestore', 'startServices', 'awaitHealth'];

const FROM_STAGED = [
  'lookAtHealth',
  'stopServices',
  'swap',
  'runAfterRestore',
  'startServices',
  'awaitHealth',
  'keepPrevious',
];

test.concurrent('a plan without services, hooks and checks runs none of their steps', async () => {
  const deployment = runs.deploy('bare');
  const run = await restoreOf(deployment);
  expect(await run.handle.result()).toMatchObject({
    health: 'not checked',
    leftStopped: [],
    downtimeMs: 250,
  });
  expect(deployment.calls().slice(-2)).toEqual(['swap', 'keepPrevious']);
  expect(deployment.calls().filter((name) => AROUND.includes(name))).toEqual([]);
});

test.concurrent('a restore stages, looks, stops, swaps, runs the hook, starts, checks and keeps what was there', async () => {
  const deployment = runs.deploy('all-of-it', planningRestore(AROUND_RESTORE));
  const run = await restoreOf(deployment);
  expect(await run.handle.result()).toMatchObject({
    outcome: 'restored',
    health: 'healthy',
    leftStopped: [],
  });
  const calls = deployment.calls();
  expect(calls.slice(0, 3)).toEqual(['planRestore', 'beginRestore', 'fetchArtifacts']);
  expect(calls.slice(3, 5).sort()).toEqual(['stageDatabases', 'stageTrees']);
  expect(calls.slice(5)).toEqual(FROM_STAGED);
});

test.concurrent('an undo goes the same way, without fetch and stage', async () => {
  const deployment = runs.deploy('undone', planningRestore({ ...AROUND_RESTORE, kind: 'undo' }));
  await (await restoreOf(deployment, { backup: 'previous' })).handle.result();
  expect(deployment.calls()).toEqual(['planRestore', 'beginRestore', ...FROM_STAGED]);
});

test.concurrent.for([
  [{ services: SERVICES }, ['stopServices', 'startServices']],
  [{ hooks: true }, ['runAfterRestore']],
  [{ checks: true }, ['lookAtHealth', 'awaitHealth']],
] as const)('a plan with %j alone runs %j', async ([part, steps]) => {
  const deployment = runs.deploy(`alone-${steps[0].toLowerCase()}`, planningRestore({ ...part } as never));
  await (await restoreOf(deployment)).handle.result();
  expect(deployment.calls().filter((name) => AROUND.includes(name))).toEqual(steps);
});

test.concurrent('nothing is stopped before everything is staged', async () => {
  const staged = gate();
  const deployment = runs.deploy('staged-first', {
    ...planningRestore(AROUND_RESTORE),
    stageDatabases: async () => {
      await until(staged.opened);
      return { databases: 1, rows: 1234 };
    },
  });
  const run = await restoreOf(deployment);
  await deployment.begun('stageDatabases');
  await vi.waitFor(() => expect(deployment.journal).toContain('stageTrees ends'), { timeout: 60_000 });
  expect(deployment.calls()).not.toContain('stopServices');
  staged.open();
  await run.handle.result();
  const { journal } = deployment;
  expect(journal.indexOf('stageDatabases ends')).toBeLessThan(journal.indexOf('lookAtHealth begins'));
});

test.concurrent('downtime lasts from the first stop to the last start', async () => {
  const deployment = runs.deploy('downtime', {
    ...planningRestore(AROUND_RESTORE),
    stopServices: async () => ({ since: '2026-01-12T07:59:50.000Z', stopped: SERVICES }),
    startServices: async () => ({ until: '2026-01-12T08:00:04.500Z', started: SERVICES }),
  });
  expect(await (await restoreOf(deployment)).handle.result()).toMatchObject({ downtimeMs: 14_500 });
});

test.concurrent('services that are to stay stopped are neither started nor checked, and the result names those that ran', async () => {
  const [, ran = ''] = SERVICES;
  const deployment = runs.deploy('left-stopped', {
    ...planningRestore({ ...AROUND_RESTORE, leaveStopped: true }),
    stopServices: async () => ({ since: '2026-01-12T07:59:59.000Z', stopped: [ran] }),
  });
  const run = await restoreOf(deployment, { leaveStopped: true });
  expect(await run.handle.result()).toMatchObject({
    outcome: 'restored',
    health: 'not checked',
    leftStopped: [ran],
    // From the stop until the restored data was there.
    downtimeMs: 1_250,
  });
  expect(deployment.calls().slice(-4)).toEqual(['stopServices', 'swap', 'runAfterRestore', 'keepPrevious']);
  expect(deployment.calls()).not.toContain('lookAtHealth');
});

test.concurrent('the choice to leave services stopped reaches the plan', async () => {
  const deployment = runs.deploy('choice');
  await (await restoreOf(deployment, { leaveStopped: true })).handle.result();
  await (await restoreOf(deployment)).handle.result();
  expect(deployment.inputs('planRestore').map(({ request }) => request.leaveStopped)).toEqual([true, false]);
});

test.concurrent('each step says which services it touched, and what the checks saw', async () => {
  const deployment = runs.deploy('said', {
    ...planningRestore(AROUND_RESTORE),
    lookAtHealth: async () => ({ healthy: false, lines: ['http://localhost/health answers 500'] }),
    stopServices: async () => ({ since: '2026-01-12T07:59:59.000Z', stopped: SERVICES }),
  });
  const run = await restoreOf(deployment);
  expect(await run.handle.result()).toMatchObject({ health: 'healthy' });
  expect((await run.progress()).steps.slice(-7)).toEqual([
    { name: 'health before', state: 'done', detail: 'http://localhost/health answers 500' },
    { name: 'stop services', state: 'done', detail: 'compose edms/web, compose edms/worker' },
    { name: 'swap', state: 'done', detail: 'closed for 250 ms' },
    { name: 'afterRestore', state: 'done', detail: '' },
    { name: 'start services', state: 'done', detail: 'compose edms/web' },
    { name: 'health', state: 'done', detail: 'healthy' },
    { name: 'keep previous', state: 'done', detail: 'until 2026-01-14T08:00:00.000Z' },
  ]);
});
