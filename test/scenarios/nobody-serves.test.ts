// A command on a host where nobody serves: it brings server and agent up for itself, and they go with it.
import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { startCluster } from '../support/postgres-cluster.js';
import { createScenario } from '../support/scenario.js';
import { createApplications } from '../support/scenario-application.js';
import { answerOf, backUp, restore, startCommand } from '../support/scenario-commands.js';
import { expectNothingLeft } from '../support/scenario-leftovers.js';
import { processesOf } from '../support/scenario-processes.js';

const cluster = await startCluster();
const scenario = await createScenario(cluster);
const application = await createApplications(scenario);
const edms = await application('edms');

const expectNoProcess = () =>
  vi.waitFor(async () => expect(await processesOf(scenario.user)).toEqual([]), {
    timeout: 15_000,
    interval: 100,
  });

afterEach(async () => {
  await expectNoProcess();
  await expectNothingLeft(scenario, edms.trees);
});
afterAll(async () => {
  await scenario.remove();
  await cluster.stop();
});

it('backup and restore work, one after the other', async () => {
  const before = await edms.live();
  const backup = await backUp(scenario);
  await edms.work();
  await restore(scenario, backup);
  expect(await edms.live()).toEqual(before);
});

it('a detached backup is finished although its command has gone', async () => {
  expect(await answerOf(scenario, ['backup', 'edms', '--detach'])).toEqual({ run: 'holdfast.edms.backup' });
  await expectNoProcess();
  expect(await answerOf<unknown[]>(scenario, ['list', 'edms'])).toHaveLength(2);
});

it('doctor, list and show start nobody', async () => {
  expect(await answerOf(scenario, ['doctor'])).toMatchObject([{ deployment: 'edms', ok: true }]);
  const [latest] = await answerOf<{ backup: string }[]>(scenario, ['list']);
  await answerOf(scenario, ['show', 'edms', String(latest?.backup)]);
  expect(await processesOf(scenario.user)).toEqual([]);
});

it('a backup whose command is killed is finished, and then nothing runs any more', async () => {
  const command = startCommand(scenario, ['backup', 'edms']);
  await command.says(/\/workflows\/holdfast\.edms\.backup\//);
  command.kill('SIGKILL');
  await command.ended;
  await expectNoProcess();
  expect(await answerOf<unknown[]>(scenario, ['list', 'edms'])).toHaveLength(3);
});
