import { afterAll, beforeAll, expect, test } from 'vitest';
import { RESTORED_DATA_STAYS } from '../../src/domain/plans.js';
import { CANCELLED, failureOf } from './ending.js';
import { failing, SAFETY, until, untilCancelled } from './fake-activities.js';
import { AROUND_RESTORE, planningRestore, restoreOf } from './planned.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const IN_PLACE = { mode: 'in-place', only: ['database'] };
const UNSAFE = { ...IN_PLACE, withoutSafetyBackup: true };
const stays = async () => `${RESTORED_DATA_STAYS} in database main: there is no safety backup to go back to`;

test.concurrent('a restore in place makes a safety backup once the services are stopped, and stages nothing', async () => {
  const deployment = runs.deploy('in-place', planningRestore(AROUND_RESTORE));
  const run = await restoreOf(deployment, IN_PLACE);
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored', safety: SAFETY });
  expect(deployment.calls()).toEqual([
    ...['planRestore', 'beginRestore', 'fetchArtifacts', 'lookAtHealth', 'stopServices'],
    ...['makeSafetyBackup', 'restoreInPlace'],
    ...['runAfterRestore', 'startServices', 'awaitHealth', 'keepPrevious'],
  ]);
});

test.concurrent('without a safety backup none is made', async () => {
  const deployment = runs.deploy('in-place-unsafe');
  const run = await restoreOf(deployment, UNSAFE);
  expect(await run.handle.result()).toMatchObject({ outcome: 'restored', safety: '' });
  expect(deployment.calls()).not.toContain('makeSafetyBackup');
});

test.concurrent('a safety backup that cannot be made rolls back before anything is restored', async () => {
  const deployment = runs.deploy('in-place-no-dump', {
    makeSafetyBackup: async () => {
      throw failing('DATABASE_RIGHTS', 'the safety backup cannot be made');
    },
  });
  const run = await restoreOf(deployment, IN_PLACE);
  expect(await failureOf(run)).toMatchObject({ code: 'ROLLED_BACK' });
  expect(deployment.calls()).not.toContain('restoreInPlace');
  expect(deployment.calls().at(-1)).toBe('rollBackOperation');
});

test.concurrent('what is restored and cannot be taken back is no roll-back: the run says that it stays', async () => {
  const deployment = runs.deploy('in-place-stays', {
    restoreInPlace: async () => {
      throw failing('NOT_IDENTICAL', 'documents has 9 rows');
    },
    rollBackOperation: stays,
  });
  const { code, message } = await failureOf(await restoreOf(deployment, UNSAFE));
  expect(code).toBe('ROLL_BACK_INCOMPLETE');
  expect(message).toContain('documents has 9 rows; what was restored stays in database main');
});

test.concurrent('a cancelled one says so too, and is cancelled only when everything is as before', async () => {
  const held = { restoreInPlace: () => until(untilCancelled()) };
  const kept = runs.deploy('in-place-cancelled-stays', { ...held, rollBackOperation: stays });
  const back = runs.deploy('in-place-cancelled', held);
  for (const [deployment, ending] of [
    [kept, { code: 'ROLL_BACK_INCOMPLETE' }],
    [back, CANCELLED],
  ] as const) {
    const run = await restoreOf(deployment, UNSAFE);
    await deployment.begun('restoreInPlace');
    await run.handle.cancel();
    expect(await failureOf(run)).toMatchObject(ending);
  }
});
