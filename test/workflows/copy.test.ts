import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { CopyResult } from '../../src/domain/copies.js';
import { workflowId } from '../../src/domain/queues.js';
import { failureOf } from './ending.js';
import { BACKUP, failing, fakeActivities, until } from './fake-activities.js';
import { gate } from './gate.js';
import { startRuns, type WorkflowRuns } from './workflow-runs.js';

let runs: WorkflowRuns;
beforeAll(async () => {
  runs = await startRuns();
});
afterAll(() => runs.stop());

const ids = ['20260103T000000Z-full-0003', '20260102T000000Z-full-0002', '20260101T000000Z-full-0001'];

const whole = (repository: string, copied: number) => ({
  ...{ repository, state: 'complete', copied, bytes: copied * 5_000_000, missing: 0, problem: '' },
});

test('every repository but the primary gets what it lacks, the newest first, page after page', async () => {
  const deployment = runs.deploy('pages', {
    planCopies: async () => ['offsite', 'usb'],
    listMissingCopies: async ({ before }) =>
      before === '' ? { backups: ids.slice(0, 2), more: true } : { backups: ids.slice(2), more: false },
  });
  const run = await deployment.start('copy');
  expect(await run.handle.result()).toEqual({
    deployment: 'pages',
    copies: [whole('offsite', 3), whole('usb', 3)],
  });
  const copied = deployment.inputs('copyBackup').filter(({ to }) => to === 'usb');
  expect(copied.map(({ backup }) => backup)).toEqual(ids);
  const pages = deployment.inputs('listMissingCopies').filter(({ to }) => to === 'usb');
  expect(pages.map(({ before }) => before)).toEqual(['', ids[1]]);
});

test('a repository that is down delays its own copies only, and the run says so', async () => {
  const deployment = runs.deploy('down', {
    planCopies: async () => ['offsite', 'usb'],
    listMissingCopies: async ({ to }) => {
      if (to === 'offsite') throw failing('REPOSITORY_UNREACHABLE', 'offsite does not answer');
      return { backups: [BACKUP], more: false };
    },
  });
  const run = await deployment.start('copy');
  expect(await run.handle.result()).toEqual({
    deployment: 'down',
    copies: [
      {
        ...{ repository: 'offsite', state: 'incomplete', copied: 0, bytes: 0, missing: 1 },
        problem: 'offsite does not answer',
      },
      whole('usb', 1),
    ],
  });
});

test('what is wrong with one backup does not keep the others', async () => {
  const deployment = runs.deploy('damaged', {
    listMissingCopies: async () => ({ backups: ids, more: false }),
    copyBackup: async ({ backup }) => {
      if (backup === ids[1]) throw failing('CORRUPT_ARTIFACT', 'it is damaged everywhere');
      return 7;
    },
  });
  const run = await deployment.start('copy');
  expect((await run.handle.result()) as CopyResult).toMatchObject({
    copies: [
      {
        state: 'incomplete',
        copied: 2,
        bytes: 14,
        missing: 1,
        problem: `${ids[1]}: it is damaged everywhere`,
      },
    ],
  });
  expect((await run.progress()).steps.at(-1)).toMatchObject({ name: 'copy to offsite', state: 'failed' });
});

test('a backup that was removed meanwhile is no copy and no problem', async () => {
  const run = await runs.deploy('gone', { copyBackup: async () => null }).start('copy');
  expect(await run.handle.result()).toEqual({ deployment: 'gone', copies: [whole('offsite', 0)] });
});

test('a run that is told to looks for missing copies once more', async () => {
  const door = gate();
  const deployment = runs.deploy('again', {
    copyBackup: async () => {
      await until(door.opened);
      return 5_000_000;
    },
  });
  const run = await deployment.start('copy');
  await deployment.begun('copyBackup');
  await run.handle.signal('copyAgain');
  door.open();
  expect(await run.handle.result()).toEqual({ deployment: 'again', copies: [whole('offsite', 2)] });
  expect(deployment.inputs('listMissingCopies')).toHaveLength(2);
});

const copying = (name: string, copyBackup = fakeActivities.copyBackup) =>
  runs.deploy(name, {
    planBackup: async (input) => ({ ...(await fakeActivities.planBackup(input)), copies: ['offsite'] }),
    copyBackup,
  });

test('a backup starts its copies, does not wait for them, and says what is not copied yet', async () => {
  const door = gate();
  const deployment = copying('started', async () => {
    await until(door.opened);
    return 5_000_000;
  });
  const backup = await deployment.start('backup');
  expect(await backup.handle.result()).toMatchObject({
    backup: BACKUP,
    copies: [{ repository: 'offsite', state: 'being copied' }],
  });
  await deployment.begun('copyBackup');
  door.open();
  const copies = backup.handle.client.getHandle(workflowId('started', 'copy'));
  expect(await copies.result()).toEqual({ deployment: 'started', copies: [whole('offsite', 1)] });
});

test('a backup that ends while copies are made tells them to look again', async () => {
  const door = gate();
  const deployment = copying('told', async () => {
    await until(door.opened);
    return 5_000_000;
  });
  const run = await deployment.start('copy');
  await deployment.begun('copyBackup');
  const backup = await deployment.start('backup');
  expect(await backup.handle.result()).toMatchObject({ copies: [{ state: 'being copied' }] });
  await vi.waitFor(() => expect(deployment.inputs('copyBackup').length).toBe(1), {
    timeout: 60_000,
    interval: 50,
  });
  door.open();
  expect(await run.handle.result()).toMatchObject({ copies: [{ copied: 2 }] });
});

test.for([
  [{ deployment: 'x', to: '../y' }, 'to must be the name of a repository'],
  [{ deployment: 'x', backup: 'latest' }, 'backup must be a backup’s id'],
  [{ deployment: 'x', target: 'y' }, 'unknown key target'],
] as const)('input %j ends the run at once', async ([input, says], { task }) => {
  const deployment = runs.deploy(`wrong-${task.id.replace(/\W/g, '')}`);
  const ending = await failureOf(await deployment.startWith('copy', [input]));
  expect(ending).toMatchObject({ status: 'FAILED', code: 'INPUT_INVALID' });
  expect(ending.message).toContain(`copy: ${says}`);
});
