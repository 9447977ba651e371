import { afterAll, beforeAll, expect, test } from 'vitest';
import { CANCELLED, failureOf } from './ending.js';
import { BACKUP, fakeActivities, until } from './fake-activities.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const refused = (message: string) => ({ cause: { type: 'NOT_APPROVED', message } });

test.concurrent('a restore shows its plan and waits; nothing is begun before it is approved', async () => {
  const deployment = runs.deploy('waits');
  const run = await deployment.start('restore');
  expect(await run.reaches('waiting for approval')).toEqual({
    kind: 'restore',
    deployment: 'waits',
    backup: BACKUP,
    phase: 'waiting for approval',
    steps: [{ name: 'plan', state: 'done', detail: '' }],
    plan: [`backup ${BACKUP}`, 'database main', 'files storage'],
    confirm: `waits@${BACKUP}`,
  });
  expect(deployment.calls()).toEqual(['planRestore']);
  const answer = await run.update('approve', { confirm: `waits@${BACKUP}`, by: 'ada' });
  expect(answer).toBe(`approved: waits@${BACKUP}`);
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored' });
  const { steps, confirm } = await run.progress();
  expect(steps[1]).toEqual({ name: 'approval', state: 'done', detail: 'by ada' });
  expect(confirm).toBe('');
});

test.concurrent('an approval of something else is refused with what is expected, and the right one goes on', async () => {
  const deployment = runs.deploy('expects');
  const run = await deployment.start('restore');
  await run.reaches('waiting for approval');
  const wrong = [undefined, null, 'expects', {}, { confirm: 'expects' }, { confirm: `other@${BACKUP}` }];
  for (const argument of wrong) {
    await expect(run.update('approve', argument)).rejects.toMatchObject(
      refused(`approve expects {"confirm": "expects@${BACKUP}"}`),
    );
  }
  expect(deployment.calls()).toEqual(['planRestore']);
  await run.update('approve', { confirm: `expects@${BACKUP}` });
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored' });
});

test.concurrent('an approval that comes before the plan or after another one is refused', async () => {
  const planning = gate();
  const working = gate();
  const deployment = runs.deploy('once', {
    planRestore: async (input) => {
      await until(planning.opened);
      return fakeActivities.planRestore(input);
    },
    beginRestore: () => until(working.opened),
  });
  const run = await deployment.start('restore');
  await deployment.begun('planRestore');
  const approval = { confirm: `once@${BACKUP}` };
  await expect(run.update('approve', approval)).rejects.toMatchObject(
    refused('nothing waits for approval at this moment'),
  );
  planning.open();
  await run.reaches('waiting for approval');
  await run.update('approve', approval);
  await expect(run.update('approve', approval)).rejects.toMatchObject(refused('it is approved already'));
  working.open();
  await run.handle.result();
});

test.concurrent('confirm in the input approves without waiting', async () => {
  const deployment = runs.deploy('confirmed');
  const run = await deployment.start('restore', { confirm: `confirmed@${BACKUP}` });
  await run.handle.result();
  expect((await run.progress()).steps[1]).toEqual({
    name: 'approval',
    state: 'done',
    detail: 'given with the input',
  });
});

test.concurrent('a wrong confirm in the input ends the run before anything is begun', async () => {
  const deployment = runs.deploy('wrong');
  const run = await deployment.start('restore', { confirm: 'wrong' });
  expect(await failureOf(run)).toMatchObject({
    code: 'NOT_APPROVED',
    message: `confirm is wrong, but what would be restored is wrong@${BACKUP}`,
  });
  expect(deployment.calls()).toEqual(['planRestore']);
});

test.concurrent('when nobody approves in time the run ends, and nothing was begun', async () => {
  const deployment = runs.deploy('nobody', {
    planRestore: async (input) => ({ ...(await fakeActivities.planRestore(input)), approveWithinMs: 300 }),
  });
  const run = await deployment.start('restore');
  expect(await failureOf(run)).toMatchObject({
    code: 'NOT_APPROVED',
    message: `nobody approved the restore of nobody@${BACKUP} within 1 s`,
  });
  expect(deployment.calls()).toEqual(['planRestore']);
});

test.concurrent('a restore that is cancelled while it waits ends at once, and nothing was begun', async () => {
  const deployment = runs.deploy('cancelled');
  const run = await deployment.start('restore');
  await run.reaches('waiting for approval');
  await run.handle.cancel();
  expect(await failureOf(run)).toEqual(CANCELLED);
  expect(deployment.calls()).toEqual(['planRestore']);
  expect((await run.progress()).confirm).toBe('');
});
