import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANCELLED, failureOf } from './ending.js';
import { type Activities, until } from './fake-activities.js';
import type { FakeDeployment, Run } from './fake-deployment.js';
import { gate } from './gate.js';
import { AROUND_RESTORE, planningRestore, restoreOf } from './planned.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const ILL = { healthy: false, lines: ['http://localhost/health answers 500'] };

/** As unhealthy after the restore as it was before. */
const deployIll = (name: string, plan = {}, changed: Partial<Activities> = {}): FakeDeployment =>
  runs.deploy(name, {
    ...planningRestore({ ...AROUND_RESTORE, ...plan }),
    lookAtHealth: async () => ILL,
    awaitHealth: async () => ILL,
    ...changed,
  });

const waitingRun = async (deployment: FakeDeployment): Promise<Run> => {
  const run = await restoreOf(deployment);
  await run.reaches('waiting for a decision');
  return run;
};

const decisionOf = async (run: Run) => (await run.progress()).steps.find(({ name }) => name === 'decision');

const refused = (message: string) => ({ cause: { type: 'INPUT_INVALID', message } });

const NOTHING_WAITS = refused('nothing waits for a decision at this moment');

test.concurrent('what was ill before and after the restore waits for somebody who decides; meanwhile nothing is undone', async () => {
  const deployment = deployIll('waits');
  const run = await waitingRun(deployment);
  expect(deployment.calls().at(-1)).toBe('awaitHealth');
  expect(await decisionOf(run)).toEqual({ name: 'decision', state: 'running', detail: '' });
  const { currentDetails } = await run.handle.query<{ currentDetails: string }>(
    '__temporal_workflow_metadata',
  );
  expect(currentDetails).toContain('send the update `decide` with `{"keep": true}`');
  await run.update('decide', { keep: true });
  await run.handle.result();
});

test.concurrent('a restore that is kept ends as restored, and says that the application is unhealthy', async () => {
  const deployment = deployIll('kept');
  const run = await waitingRun(deployment);
  expect(await run.update('decide', { keep: true, by: 'ada' })).toBe('what was restored is kept');
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored', health: 'unhealthy' });
  expect(deployment.calls().slice(-2)).toEqual(['awaitHealth', 'keepPrevious']);
  expect(await decisionOf(run)).toEqual({ name: 'decision', state: 'done', detail: 'kept by ada' });
});

test.concurrent('a restore that is not kept is rolled back, and says what the checks saw', async () => {
  const deployment = deployIll('not-kept');
  const run = await waitingRun(deployment);
  expect(await run.update('decide', { keep: false })).toBe('what was there before is put back');
  expect(await failureOf(run)).toMatchObject({
    code: 'ROLLED_BACK',
    message:
      'rolled back: the restored application is not healthy: http://localhost/health answers 500; what was there before is there again',
  });
  expect(deployment.calls().slice(-2)).toEqual(['awaitHealth', 'rollBackOperation']);
  expect(await decisionOf(run)).toEqual({ name: 'decision', state: 'done', detail: 'rolled back' });
});

test.concurrent('when nobody decides in time, what was restored is kept: it was as ill before', async () => {
  const deployment = deployIll('nobody', { approveWithinMs: 300 });
  const run = await restoreOf(deployment);
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored', health: 'unhealthy' });
  expect(deployment.calls()).not.toContain('rollBackOperation');
  expect((await decisionOf(run))?.detail).toBe('kept: nobody answered');
});

test.concurrent('a decision that is none is refused with what is expected, and the right one goes on', async () => {
  const run = await waitingRun(deployIll('expects'));
  for (const argument of [undefined, null, 'keep', {}, { keep: 'yes' }, { keep: null }]) {
    await expect(run.update('decide', argument)).rejects.toMatchObject(
      refused('decide expects {"keep": true} or {"keep": false}'),
    );
  }
  expect((await run.progress()).phase).toBe('waiting for a decision');
  await run.update('decide', { keep: true });
  expect(await run.handle.result()).toMatchObject({ health: 'unhealthy' });
});

test.concurrent('there is nothing to decide before the checks have failed, nor a second time', async () => {
  const checking = gate();
  const keeping = gate();
  const deployment = deployIll(
    'only-then',
    {},
    {
      awaitHealth: async () => {
        await until(checking.opened);
        return ILL;
      },
      keepPrevious: async () => {
        await until(keeping.opened);
        return '';
      },
    },
  );
  const run = await restoreOf(deployment);
  await deployment.begun('awaitHealth');
  await expect(run.update('decide', { keep: false })).rejects.toMatchObject(NOTHING_WAITS);
  checking.open();
  await run.reaches('waiting for a decision');
  await run.update('decide', { keep: true });
  await expect(run.update('decide', { keep: false })).rejects.toMatchObject(NOTHING_WAITS);
  keeping.open();
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored' });
});

test.concurrent('a restore that waits for a decision can be cancelled, and is rolled back', async () => {
  const deployment = deployIll('cancelled');
  const run = await waitingRun(deployment);
  await run.handle.cancel();
  expect(await failureOf(run)).toEqual(CANCELLED);
  expect(deployment.calls().slice(-2)).toEqual(['awaitHealth', 'rollBackOperation']);
  expect(await decisionOf(run)).toEqual({ name: 'decision', state: 'failed', detail: 'cancelled' });
});

test.concurrent('what was ill and is well after the restore needs no decision', async () => {
  const deployment = deployIll('mended', {}, { awaitHealth: async () => ({ healthy: true, lines: [] }) });
  const run = await restoreOf(deployment);
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored', health: 'healthy' });
  expect(await decisionOf(run)).toBeUndefined();
});
